// Runs hey, another yardstick, as a process of its own.
#ifndef ASSAY_BENCH_HARNESS_HEY_H_
#define ASSAY_BENCH_HARNESS_HEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/core/result.h"

namespace assay::bench {

struct HeyReport {
  std::uint64_t requests = 0;      // answered with 200
  double requests_per_second = 0;  // as hey prints it
  Duration cpu{};                  // user and system time of the process, from the kernel
};

// `hey -c <connections> -z <seconds>s <url>`, on as many CPUs as it likes; certificates are
// not verified. kIo when hey is not installed, fails, or saw an error or another status.
Result<HeyReport> RunHey(const std::string& url, int connections, int seconds);

// The part of RunHey() that reads what hey printed; `cpu` is left at zero.
Result<HeyReport> ParseHey(std::string_view output);

// Empty, or why hey cannot run here.
std::string WhyNoHey();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_HEY_H_
