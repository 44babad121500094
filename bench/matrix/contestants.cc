#include "bench/matrix/contestants.h"

#include "bench/peers/peers.h"

namespace assay::bench {

std::vector<EngineKind> FloorAndEngines() {
  std::vector<EngineKind> kinds = {PeerKinds().front().engine};
  kinds.insert(kinds.end(), EngineKinds().begin(), EngineKinds().end());
  return kinds;
}

}  // namespace assay::bench
