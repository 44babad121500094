// Counts calls of operator new and of aligned_alloc(), thread by thread.
//
// Linking allocations.cc replaces both; aligned_alloc() is where Asio gets the memory of its
// coroutines and operations. What C libraries take from malloc() themselves is not seen.
#ifndef ASSAY_BENCH_HARNESS_ALLOCATIONS_H_
#define ASSAY_BENCH_HARNESS_ALLOCATIONS_H_

#include <cstdint>

namespace assay::bench {

// Allocations of the calling thread since its last call of this function.
std::uint64_t TakeAllocations() noexcept;

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ALLOCATIONS_H_
