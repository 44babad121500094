// What the tests of engines' pools share.
#ifndef TESTS_ENGINES_POOL_CONFORMANCE_H_
#define TESTS_ENGINES_POOL_CONFORMANCE_H_

#include <string_view>
#include <vector>

#include "tests/engines/conformance.h"

namespace assay {

class PoolConformance : public EngineConformance {
 protected:
  bool pooled() const { return pooling() == Pooling::kPooled; }
  std::uint64_t IfPooled(std::uint64_t count) const { return pooled() ? count : 0; }
  // By the gate before the server the end may come together with the answer; then the
  // connection is not kept in the first place.
  void ExpectKept(const RunSummary& summary) const {
    if (tls()) return;
    EXPECT_EQ(summary.connections_reused, IfPooled(1));
  }

  // One request after the other, each on a run of its own.
  static RunSummary RunEach(Engine& engine, const std::vector<Request>& requests, Collector& got) {
    RunSummary total;
    for (const Request& request : requests) {
      const RunSummary summary = engine.Run({{request}, 1, {}}, got);
      total.requests += summary.requests;
      total.failed += summary.failed;
      total.repeated += summary.repeated;
      total.connections_opened += summary.connections_opened;
      total.connections_reused += summary.connections_reused;
      total.connections_evicted += summary.connections_evicted;
      total.waited += summary.waited;
    }
    return total;
  }
};

}  // namespace assay

#endif  // TESTS_ENGINES_POOL_CONFORMANCE_H_
