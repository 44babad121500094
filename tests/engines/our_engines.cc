// The conformance suite is about all our engines, and spares them nothing but what uring cannot
// know.
#include "tests/engines/conformance.h"

namespace assay {

std::vector<EngineKind> ConformanceSubjects() {
  return {EngineKinds().begin(), EngineKinds().end()};
}

std::string WhyNot(const EngineKind&, Pooling, std::string_view) { return {}; }

bool HasOurMessages(const EngineKind&) { return true; }

}  // namespace assay
