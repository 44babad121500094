// The conformance suite is about all our engines, and spares them nothing but what uring cannot
// know.
#include "tests/engines/conformance.h"

namespace assay {

std::vector<EngineKind> ConformanceSubjects() {
  return {EngineKinds().begin(), EngineKinds().end()};
}

std::string WhyNot(const EngineKind& subject, Pooling, std::string_view test) {
  if (subject.name != "uring") return {};
  const bool about_phases =
      test == "ThePhasesAddUpToTheLatency" || test.ends_with("HasALimitOfItsOwn");
  return about_phases ? "uring sends and receives in one operation: it has no phases" : "";
}

bool HasOurMessages(const EngineKind&) { return true; }

}  // namespace assay
