// One request at a time, on the thread that calls Run().
//
// Its limit is one connection's round trip: no parallelism hides the latency.

#include "assay/engines/blocking_worker.h"
#include "assay/engines/engines.h"

namespace assay {
namespace {

class SyncEngine : public Engine {
 public:
  explicit SyncEngine(const EngineOptions& options)
      : pooling_(options.pooling),
        decode_(options.connection.decode),
        parts_(options),
        worker_(parts_, options, 0) {}

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    PreparedWorkload prepared(workload, pooling_, decode_, parts_.origins);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    worker_.WarmUp(prepared, interrupt);
    const PoolStats before = parts_.pool.stats();
    const std::uint64_t resumed_before = parts_.tls.resumed();
    const TimePoint started = clock.Now();
    prepared.Start(started);
    interrupt.EndAt(prepared.end());
    ResultWriter writer(sink);
    worker_.Run(prepared, interrupt, writer);

    RunSummary summary{.elapsed = clock.Now() - started,
                       .cpu = CpuTime() - cpu_before,
                       .tls_resumed = parts_.tls.resumed() - resumed_before};
    writer.AddTo(summary);
    AddTo(summary, before, parts_.pool.stats());
    return summary;
  }

 private:
  Pooling pooling_;
  bool decode_;
  BlockingParts parts_;
  BlockingWorker worker_;
};

}  // namespace

std::unique_ptr<Engine> MakeSyncEngine(const EngineOptions& options) {
  return std::make_unique<SyncEngine>(ResolveFor("sync", options));
}

}  // namespace assay
