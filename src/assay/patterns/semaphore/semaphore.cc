#include "assay/patterns/semaphore/semaphore.h"

namespace assay {

// What waits and resizes is compiled here, once.
template class BasicSemaphore<StdThreads>;

}  // namespace assay
