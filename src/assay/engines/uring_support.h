// Whether the uring engine can run: it depends on the build and on the kernel.
#ifndef ASSAY_ENGINES_URING_SUPPORT_H_
#define ASSAY_ENGINES_URING_SUPPORT_H_

#include <string>

namespace assay {

// Empty when it can. Asks the kernel for a small ring and gives it back.
std::string WhyNoUring();

}  // namespace assay

#endif  // ASSAY_ENGINES_URING_SUPPORT_H_
