// libcurl's blocking interface: curl_easy_perform() for each request, one handle,
// which keeps its connection.

#include "assay/engines/result_writer.h"
#include "bench/peers/curl_transfer.h"
#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

class CurlEasy : public Engine {
 public:
  explicit CurlEasy(const EngineOptions& options) : pooling_(options.pooling), transfer_(options) {}

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    static const Response kNoResponse;
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    PreparedWorkload prepared(workload, pooling_, false, origins_);
    const std::vector<CurlRequest> requests = ForCurl(workload.requests);
    ResultWriter writer(sink);
    std::uint64_t opened = 0;
    const TimePoint run_started = clock.Now();
    prepared.Start(run_started);
    TimePoint started = run_started;
    while (const PreparedWorkload::Item* item = prepared.Take(started)) {
      if (item->refused) {
        writer.Write(*item, started, clock.Now(), kNoResponse, item->refused);
      } else {
        transfer_.Start(requests[prepared.IndexOf(*item)]);
        auto error = transfer_.End(curl_easy_perform(transfer_.handle()));
        opened += transfer_.connections_opened();
        writer.Write(*item, started, clock.Now(), transfer_.response(), std::move(error));
      }
      started = clock.Now();
    }
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = opened,
            .elapsed = clock.Now() - run_started,
            .cpu = CpuTime() - cpu_before};
  }

 private:
  Pooling pooling_;
  OriginTable origins_;
  CurlTransfer transfer_;
};

}  // namespace

std::unique_ptr<Engine> MakeCurlEasy(const EngineOptions& options) {
  return std::make_unique<CurlEasy>(ResolveForPeer("curl_easy", options));
}

}  // namespace assay::bench
