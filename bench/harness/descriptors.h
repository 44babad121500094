// How many files and sockets this process may have open, and has.
#ifndef ASSAY_BENCH_HARNESS_DESCRIPTORS_H_
#define ASSAY_BENCH_HARNESS_DESCRIPTORS_H_

#include <cstddef>
#include <string>

namespace assay::bench {

// To the most that the system allows: the usual soft limit of 1024 is below a thousand
// connections, with both ends in this process twice as far.
void RaiseDescriptorLimit() noexcept;

// Empty when `wanted` more can be opened, else one line that says what to do.
std::string WhyNotDescriptors(std::size_t wanted);

// Those that are open now.
std::size_t OpenDescriptors();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_DESCRIPTORS_H_
