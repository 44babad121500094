#include "bench/harness/hey.h"

#include <gtest/gtest.h>

namespace assay::bench {
namespace {

constexpr std::string_view kOutput = R"(
Summary:
  Total:	1.0012 secs
  Requests/sec:	12961.4470

Latency distribution:
  10% in 0.0009 secs

Status code distribution:
  [200]	12977 responses


)";

TEST(ParseHey, FindsRequestsAndRate) {
  const HeyReport report = ParseHey(kOutput).value();
  EXPECT_EQ(report.requests, 12977u);
  EXPECT_DOUBLE_EQ(report.requests_per_second, 12961.447);
}

TEST(ParseHey, RefusesARunWithErrors) {
  const std::string output(kOutput);
  EXPECT_EQ(ParseHey(output + "Error distribution:\n  [5]\tGet: refused\n").error().message,
            "hey: Error distribution:\n  [5]\tGet: refused\n");
  EXPECT_EQ(ParseHey(output + "  [404]\t3 responses\n").error().message,
            "hey: another status than 200");
}

TEST(ParseHey, RefusesWhatIsNotAReport) {
  for (const char* output : {"", "Requests/sec: 5\n", "Status code distribution:\n  [200]\t5\n",
                             "Requests/sec: 5\nStatus code distribution:\n  [404]\t5\n"}) {
    EXPECT_EQ(ParseHey(output).error().message, "hey: no answer with status 200") << output;
  }
}

}  // namespace
}  // namespace assay::bench
