#include "assay/patterns/adaptive_limit/adaptive_limit.h"

#include <string>

namespace assay {

Error AdaptiveLimitReached(int limit) {
  return {ErrorCode::kLimitReached, "adaptive limit: " + std::to_string(limit) +
                                        " calls are under way, as many as the server bears"};
}

}  // namespace assay
