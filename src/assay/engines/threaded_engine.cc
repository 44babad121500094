// `concurrency` threads, each blocking on a connection of its own.
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
      : pooling_(options.pooling), tls_(options.connection.tls) {
    for (int i = 0; i < *options.concurrency; ++i) workers_.emplace_back(context_, tls_, options);
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t resumed_before = tls_.resumed();
    PreparedWorkload prepared(workload, pooling_, origins_, TlsSupport::kTls);
    LockedSink locked(sink);
    std::vector<RunSummary> parts(workers_.size());

    // Nobody begins before all are there: with fewer threads than promised the run
    // would not be what it is called.
    StartGate gate;
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        threads.emplace_back([&, i] {
          if (gate.Wait()) parts[i] = RunWorker(workers_[i], prepared, locked);
        });
      }
    } catch (...) {
      gate.Abandon();
      throw;
    }
    const TimePoint started = clock.Now();
    prepared.Start(started);
    gate.Open();
    for (std::jthread& thread : threads) thread.join();

    RunSummary total;
    for (const RunSummary& part : parts) {
      total.requests += part.requests;
      total.failed += part.failed;
      total.connections_opened += part.connections_opened;
      total.cpu += part.cpu;
    }
    total.tls_resumed = tls_.resumed() - resumed_before;
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

  RunSummary RunWorker(BlockingWorker& worker, PreparedWorkload& prepared, ResultSink& sink) {
    const std::uint64_t opened_before = worker.connections_opened();
    ResultWriter writer(sink);
    worker.Run(prepared, origins_, writer);
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = worker.connections_opened() - opened_before,
            .elapsed = {},
            .cpu = CpuTime(),   // the thread has done nothing else
            .tls_resumed = 0};  // is counted for all together
  }

  Pooling pooling_;
  OriginTable origins_;
  TlsContext tls_;
  BlockingContext context_;
  std::deque<BlockingWorker> workers_;
};

}  // namespace

std::unique_ptr<Engine> MakeThreadedEngine(const EngineOptions& options) {
  return std::make_unique<ThreadedEngine>(ResolveFor("threaded", options));
}

}  // namespace assay
