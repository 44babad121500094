#include "assay/stack/stack.h"

namespace assay {

// All layers at once, so that a mistake in this header is found here.
template struct Stack<RateLimiter, Timeout, Retry, Timeout, CircuitBreaker, Semaphore>;

}  // namespace assay
