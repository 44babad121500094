// `concurrency` threads, each waiting for its own request.
//
// The threads live for one run; starting one costs some 20 µs, against runs of
// thousands of requests. The user's sink is called under a lock, unless it has one for each thread.

#include <deque>
#include <thread>
#include <vector>

#include "assay/engines/blocking_worker.h"
#include "assay/engines/engines.h"
#include "assay/engines/start_gate.h"
#include "assay/engines/thread_sinks.h"

namespace assay {
namespace {

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
    PreparedWorkload prepared(workload, pooling_, decode_, parts_.origins);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    workers_.front().WarmUp(prepared, interrupt);
    const PoolStats before = parts_.pool.stats();
    const std::uint64_t resumed_before = parts_.tls.resumed();
    ThreadSinks sinks(sink);
    std::vector<RunSummary> shares(workers_.size());

    StartGate gate;
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        threads.emplace_back([&, i] {
          if (gate.Wait()) shares[i] = RunWorker(workers_[i], prepared, interrupt, sinks.Of(i));
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
    for (const RunSummary& share : shares) total.Add(share);
    AddTo(total, before, parts_.pool.stats());
    total.tls_resumed = parts_.tls.resumed() - resumed_before;
    total.elapsed = clock.Now() - started;
    total.cpu += CpuTime() - cpu_before;  // starting and joining threads is part of the price
    return total;
  }

 private:
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
