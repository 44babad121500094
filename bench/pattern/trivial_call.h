// The call that the patterns are put around: as little work as a call can be.
#ifndef ASSAY_BENCH_PATTERN_TRIVIAL_CALL_H_
#define ASSAY_BENCH_PATTERN_TRIVIAL_CALL_H_

#include "assay/core/result.h"

namespace assay::bench {

// Not inlined, so that the compiler can neither see through it nor move it past
// the pattern; the same in every row.
[[gnu::noinline]] inline Result<int> TrivialCall() {
  asm volatile("");  // or GCC, which knows that it is pure, would drop repeated calls
  return 42;
}

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PATTERN_TRIVIAL_CALL_H_
