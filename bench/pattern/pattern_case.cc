#include "bench/pattern/pattern_case.h"

#include <cstdlib>

namespace assay::bench {

// ci/profile takes the difference of two runs, which has to be one of iterations alone.
std::int64_t FixedIterations() {
  const char* text = std::getenv("ASSAY_BENCH_ITERATIONS");
  return text == nullptr ? 0 : std::strtoll(text, nullptr, 10);
}

}  // namespace assay::bench
