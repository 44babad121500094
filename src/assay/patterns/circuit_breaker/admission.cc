#include "assay/patterns/circuit_breaker/admission.h"

#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay {

// Short enough to need no memory: refusing has to cost nothing.
Error CircuitOpen(const Admission& refused) {
  switch (refused.state) {
    case CircuitState::kForcedOpen: return {ErrorCode::kCircuitOpen, "circuit: forced"};
    case CircuitState::kHalfOpen: return {ErrorCode::kCircuitOpen, "circuit: probed"};
    default: return {ErrorCode::kCircuitOpen, "circuit: open"};
  }
}

}  // namespace assay
