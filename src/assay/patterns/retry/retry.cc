#include "assay/patterns/retry/retry.h"

#include <random>

namespace assay {

template class BasicRetry<StdThreads>;

std::uint64_t RandomSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace assay
