#include "assay/patterns/circuit_breaker/admission.h"

#include <string>

#include "assay/core/duration_text.h"
#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay {

Error CircuitOpen(const Admission& refused) {
  std::string message = "circuit breaker: " + std::string(ToString(refused.state));
  if (refused.state != CircuitState::kForcedOpen) {
    message += ", next probe within " + DurationText(refused.retry_after);
  }
  return {ErrorCode::kCircuitOpen, std::move(message)};
}

}  // namespace assay
