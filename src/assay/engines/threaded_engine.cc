// `concurrency` threads, each waiting for its own request.
//
// The threads live for one run; starting one costs some 20 µs, against runs of
// thousands of requests. One lock guards the sink, held while it accepts.

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "assay/engines/blocking_worker.h"
#include "assay/engines/engines.h"

namespace assay {
namespace {

class LockedSink : public ResultSink {
 public:
  explicit LockedSink(ResultSink& sink) : sink_(sink) {}
  void Accept(const RequestResult& result, const Response& response) noexcept override {
    const std::lock_guard lock(mutex_);
    sink_.Accept(result, response);
  }

 private:
  std::mutex mutex_;
  ResultSink& sink_;
};

class ThreadedEngine : public Engine {
 public:
  explicit ThreadedEngine(const EngineOptions& options)
      : pooling_(options.pooling), decode_(options.connection.decode), parts_(options) {
    for (int i = 0; i < *options.concurrency; ++i) {
      workers_.emplace_back(parts_, options, static_cast<ConnectionPool::Waiter>(i));
    }
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const PoolStats before = parts_.pool.stats();
    const std::uint64_t resumed_before = parts_.tls.resumed();
    PreparedWorkload prepared(workload, pooling_, decode_, parts_.origins);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    LockedSink locked(sink);
    std::vector<RunSummary> shares(workers_.size());

    // Nobody begins before all are there: with fewer threads than promised the run
    // would not be what it is called.
    StartGate gate;
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        threads.emplace_back([&, i] {
          if (gate.Wait()) shares[i] = RunWorker(workers_[i], prepared, interrupt, locked);
        });
      }
    } catch (...) {
      gate.Abandon();
      throw;
    }
    const TimePoint started = clock.Now();
    prepared.Start(started);
    interrupt.EndAt(prepared.end());
    gate.Open();
    for (std::jthread& thread : threads) thread.join();

    RunSummary total;
    for (const RunSummary& share : shares) {
      total.requests += share.requests;
      total.failed += share.failed;
      total.repeated += share.repeated;
      total.cpu += share.cpu;
    }
    AddTo(total, before, parts_.pool.stats());
    total.tls_resumed = parts_.tls.resumed() - resumed_before;
    total.elapsed = clock.Now() - started;
    total.cpu += CpuTime() - cpu_before;  // starting and joining threads is part of the price
    return total;
  }

 private:
  // Lets all threads through at once, or sends them home.
  class StartGate {
   public:
    void Open() noexcept { Set(State::kOpen); }
    void Abandon() noexcept { Set(State::kAbandoned); }
    // True when there is work to do.
    bool Wait() const noexcept {
      state_.wait(State::kClosed);
      return state_ == State::kOpen;
    }

   private:
    enum class State { kClosed, kOpen, kAbandoned };
    void Set(State state) noexcept {
      state_ = state;
      state_.notify_all();
    }
    std::atomic<State> state_{State::kClosed};
  };

  static RunSummary RunWorker(BlockingWorker& worker, PreparedWorkload& prepared,
                              const Interrupt& interrupt, ResultSink& sink) {
    ResultWriter writer(sink);
    worker.Run(prepared, interrupt, writer);
    RunSummary share{.cpu = CpuTime()};  // the thread has done nothing else
    writer.AddTo(share);
    return share;
  }

  Pooling pooling_;
  bool decode_;
  BlockingParts parts_;
  std::deque<BlockingWorker> workers_;
};

}  // namespace

std::unique_ptr<Engine> MakeThreadedEngine(const EngineOptions& options) {
  return std::make_unique<ThreadedEngine>(ResolveFor("threaded", options));
}

}  // namespace assay
