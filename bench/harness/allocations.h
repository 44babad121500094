// Counts calls of operator new, thread by thread.
//
// Linking allocations.cc replaces the global operator new; what C libraries take
// from malloc() themselves is not seen.
#ifndef ASSAY_BENCH_HARNESS_ALLOCATIONS_H_
#define ASSAY_BENCH_HARNESS_ALLOCATIONS_H_

#include <cstdint>

namespace assay::bench {

// Allocations of the calling thread since its last call of this function.
std::uint64_t TakeAllocations() noexcept;

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ALLOCATIONS_H_
