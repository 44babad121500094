#include "assay/patterns/adaptive_limit/adaptive_limit.h"

namespace assay {

// Short enough to need no memory: refusing has to cost nothing.
Error AdaptiveLimitReached() { return {ErrorCode::kLimitReached, "adaptive: full"}; }

}  // namespace assay
