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
      : pooling_(options.pooling), tls_(options.connection.tls), worker_(context_, tls_, options) {}

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = worker_.connections_opened();
    const std::uint64_t resumed_before = tls_.resumed();
    PreparedWorkload prepared(workload, pooling_, origins_, TlsSupport::kTls);
    const TimePoint started = clock.Now();
    prepared.Start(started);
    ResultWriter writer(sink);
    worker_.Run(prepared, origins_, writer);

    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = worker_.connections_opened() - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before,
            .tls_resumed = tls_.resumed() - resumed_before};
  }

 private:
  Pooling pooling_;
  OriginTable origins_;
  TlsContext tls_;
  BlockingContext context_;
  BlockingWorker worker_;
};

}  // namespace

std::unique_ptr<Engine> MakeSyncEngine(const EngineOptions& options) {
  return std::make_unique<SyncEngine>(ResolveFor("sync", options));
}

}  // namespace assay
