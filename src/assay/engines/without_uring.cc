// What stands in for the uring engine where liburing was not there to build it.
#include <stdexcept>

#include "assay/engines/engines.h"
#include "assay/engines/uring_support.h"

namespace assay {

std::string WhyNoUring() { return "built without liburing (Debian: liburing-dev)"; }

std::unique_ptr<Engine> MakeUringEngine(const EngineOptions&) {
  throw std::runtime_error("uring engine: " + WhyNoUring());
}

}  // namespace assay
