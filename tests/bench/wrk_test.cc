#include "bench/harness/wrk.h"

#include <gtest/gtest.h>

namespace assay::bench {
namespace {

constexpr std::string_view kOutput = R"(Running 1s test @ http://127.0.0.1:1/bytes/64
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   400.00us  100.00us   5.00ms   90.00%
    Req/Sec    78.00k     5.00k   90.00k    70.00%
  77881 requests in 1.00s, 12.60MB read
Requests/sec:  77544.62
Transfer/sec:     12.55MB
)";

TEST(ParseWrk, FindsRequestsAndRate) {
  const WrkReport report = ParseWrk(kOutput).value();
  EXPECT_EQ(report.requests, 77881u);
  EXPECT_DOUBLE_EQ(report.requests_per_second, 77544.62);
}

TEST(ParseWrk, RefusesARunWithErrors) {
  const std::string output(kOutput);
  EXPECT_FALSE(ParseWrk(output + "  Socket errors: connect 0, read 5, write 0, timeout 0\n").ok());
  EXPECT_FALSE(ParseWrk(output + "  Non-2xx or 3xx responses: 3\n").ok());
}

TEST(ParseWrk, RefusesWhatIsNotAReport) {
  EXPECT_FALSE(ParseWrk("").ok());
  EXPECT_FALSE(ParseWrk("unable to connect to 127.0.0.1:1 Connection refused").ok());
  EXPECT_FALSE(ParseWrk("Requests/sec:  \n").ok());
}

}  // namespace
}  // namespace assay::bench
