// Runs wrk, the yardstick that readers know, as a process of its own.
#ifndef ASSAY_BENCH_HARNESS_WRK_H_
#define ASSAY_BENCH_HARNESS_WRK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/core/result.h"

namespace assay::bench {

struct WrkReport {
  std::uint64_t requests = 0;
  double requests_per_second = 0;  // as wrk prints it
  Duration cpu{};                  // user and system time of the process, from the kernel
};

// `wrk -t1 -c<connections> -d<seconds>s <url>`. kIo when wrk is not installed,
// fails, or saw errors: a socket error or any status but 2xx and 3xx.
Result<WrkReport> RunWrk(const std::string& url, int connections, int seconds);

// The part of RunWrk() that reads what wrk printed; `cpu` is left at zero.
Result<WrkReport> ParseWrk(std::string_view output);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_WRK_H_
