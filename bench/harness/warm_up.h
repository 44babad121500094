// What comes before the clock starts.
#ifndef ASSAY_BENCH_HARNESS_WARM_UP_H_
#define ASSAY_BENCH_HARNESS_WARM_UP_H_

#include <cstdint>
#include <string>

#include "assay/engines/engine.h"

namespace assay::bench {

struct WarmUp {
  Request request{};
  std::string body{};          // that each answer must have, byte by byte
  int slots = 1;               // of the engine
  std::uint64_t requests = 1;  // of a round
  bool resumes = false;        // new connections take up a TLS session
  Pooling pooling = Pooling::kPooled;
};

// Sends rounds of requests until every slot has opened a connection. Empty when every
// answer was right and sessions were taken up as said; else what was wrong.
std::string VerifyAndWarmUp(Engine& engine, const WarmUp& warm_up);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_WARM_UP_H_
