// `concurrency` connections on one event loop, on the thread that calls Run(); with more
// `threads` a loop on each, none of which knows the others.

#include <algorithm>
#include <deque>
#include <thread>
#include <vector>

#include "assay/engines/async_loop.h"
#include "assay/engines/engines.h"
#include "assay/engines/start_gate.h"
#include "assay/engines/thread_sinks.h"

namespace assay {
namespace {

// The part of `whole` that falls to one of `parts`; never none.
int Share(int whole, int parts, int part) {
  return std::max(1, whole / parts + (part < whole % parts ? 1 : 0));
}

EngineOptions ShareOf(const EngineOptions& options, int thread) {
  EngineOptions share = options;
  share.concurrency = Share(*options.concurrency, options.threads, thread);
  PoolOptions& pool = *share.pool;
  pool.max_connections = Share(pool.max_connections, options.threads, thread);
  if (pool.max_per_origin) {
    pool.max_per_origin =
        std::min(pool.max_connections, Share(*pool.max_per_origin, options.threads, thread));
  }
  if (pool.max_idle > 0) {
    pool.max_idle = std::min(pool.max_connections, Share(pool.max_idle, options.threads, thread));
  }
  return share;
}

class AsyncEngine : public Engine {
 public:
  explicit AsyncEngine(const EngineOptions& options)
      : pooling_(options.pooling),
        decode_(options.connection.decode),
        tls_(options.connection.tls) {
    for (int i = 0; i < options.threads; ++i)
      loops_.emplace_back(ShareOf(options, i), origins_, tls_);
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    PreparedWorkload prepared(workload, pooling_, decode_, origins_);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    WarmUp(prepared, interrupt);
    ThreadSinks sinks(sink);
    std::vector<RunSummary> shares(loops_.size());
    StartGate gate;
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 1; i < loops_.size(); ++i) {
        threads.emplace_back([&, i] {
          if (!gate.Wait()) return;
          shares[i] = loops_[i].Run(prepared, interrupt, sinks.Of(i));
          shares[i].cpu = CpuTime();  // the thread has done nothing else
        });
      }
    } catch (...) {
      gate.Abandon();
      throw;
    }
    const std::uint64_t resumed_before = tls_.resumed();
    const TimePoint started = clock.Now();
    prepared.Start(started);
    interrupt.EndAt(prepared.end());
    gate.Open();
    shares[0] = loops_[0].Run(prepared, interrupt, threads.empty() ? sink : sinks.Of(0));
    threads.clear();

    RunSummary total;
    for (const RunSummary& share : shares) total.Add(share);
    total.tls_resumed = tls_.resumed() - resumed_before;
    total.elapsed = clock.Now() - started;
    total.cpu += CpuTime() - cpu_before;
    return total;
  }

 private:
  void WarmUp(const PreparedWorkload& workload, const Interrupt& interrupt) {
    DiscardingSink nobody;
    for (AsyncLoop& loop : loops_) {
      if (loop.warm_up() == 0) continue;
      PreparedWorkload connections(workload, loop.warm_up());
      loop.Run(connections, interrupt, nobody);
    }
  }

  Pooling pooling_;
  bool decode_;
  OriginTable origins_;
  TlsContext tls_;
  std::deque<AsyncLoop> loops_;
};

}  // namespace

std::unique_ptr<Engine> MakeAsyncEngine(const EngineOptions& options) {
  return std::make_unique<AsyncEngine>(ResolveFor("async", options));
}

}  // namespace assay
