#include "bench/versus/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::bench {
namespace {

TEST(Quartiles, LieBetweenTheValues) {
  const Quartiles five = QuartilesOf({50, 10, 40, 20, 30});
  EXPECT_DOUBLE_EQ(five.q1, 20);
  EXPECT_DOUBLE_EQ(five.median, 30);
  EXPECT_DOUBLE_EQ(five.q3, 40);
  const Quartiles four = QuartilesOf({4, 3, 2, 1});
  EXPECT_DOUBLE_EQ(four.q1, 1.75);
  EXPECT_DOUBLE_EQ(four.median, 2.5);
  EXPECT_DOUBLE_EQ(four.q3, 3.25);
  const Quartiles one = QuartilesOf({7});
  EXPECT_DOUBLE_EQ(one.q1, 7);
  EXPECT_DOUBLE_EQ(one.q3, 7);
}

VersusRow Row() {
  const Pair pairs[] = {{.engine = {.rps = 200, .cpu_us_per_req = 3}, .wrk = {100, 6}},
                        {.engine = {.rps = 100, .cpu_us_per_req = 8}, .wrk = {100, 4}},
                        {.engine = {.rps = 150, .cpu_us_per_req = 5}, .wrk = {50, 5}}};
  return RowOf({.client = "async", .server = "nginx", .url = "https://a/", .concurrency = 32},
               pairs);
}

TEST(VersusReport, RatiosAreTakenRoundByRound) {
  const VersusRow row = Row();
  EXPECT_EQ(row.rounds, 3u);
  EXPECT_DOUBLE_EQ(row.rps_ratio.q1, 1.5);  // of 1, 2, 3
  EXPECT_DOUBLE_EQ(row.rps_ratio.median, 2);
  EXPECT_DOUBLE_EQ(row.rps_ratio.q3, 2.5);
  EXPECT_DOUBLE_EQ(row.cpu_ratio.q1, 0.75);  // of 0.5, 1, 2
  EXPECT_DOUBLE_EQ(row.cpu_ratio.median, 1);
  EXPECT_DOUBLE_EQ(row.ours.rps, 150);
  EXPECT_DOUBLE_EQ(row.wrk.rps, 100);
  EXPECT_DOUBLE_EQ(row.ours.cpu_us_per_req, 5);
  EXPECT_DOUBLE_EQ(row.wrk.cpu_us_per_req, 5);
}

TEST(VersusReport, TheTableHasRatiosWithTheirSpreadAndWhatWasSkipped) {
  const std::string text =
      ToText({.context = {}, .rows = {Row()}, .skipped = {{"uring", "no such luck"}}});
  EXPECT_NE(text.find("2.00 (1.50-2.50)"), std::string::npos) << text;
  EXPECT_NE(text.find("1.00 (0.75-1.50)"), std::string::npos) << text;
  EXPECT_NE(text.find("nginx   yes           32"), std::string::npos) << text;
  EXPECT_NE(text.find("\nuring skipped: no such luck\n"), std::string::npos) << text;
  EXPECT_EQ(ToText({.context = {}, .rows = {}, .skipped = {{"a", "b"}}}), "a skipped: b\n");
}

TEST(VersusReport, TheJsonHasARowForEachContest) {
  const auto json = nlohmann::json::parse(
      ToJson({.context = {{"cpu", "x86"}}, .rows = {Row()}, .skipped = {{"uring", "why"}}}));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["context"]["cpu"], "x86");
  ASSERT_EQ(json["rows"].size(), 1u);
  const auto& row = json["rows"][0];
  EXPECT_EQ(row["engine"], "async");
  EXPECT_EQ(row["server"], "nginx");
  EXPECT_EQ(row["tls"], true);
  EXPECT_EQ(row["concurrency"], 32);
  EXPECT_EQ(row["rounds"], 3);
  EXPECT_EQ(row["rps_ratio"], (nlohmann::json{{"q1", 1.5}, {"median", 2.0}, {"q3", 2.5}}));
  EXPECT_EQ(row["cpu_ratio"], (nlohmann::json{{"q1", 0.75}, {"median", 1.0}, {"q3", 1.5}}));
  EXPECT_EQ(row["rps"], 150.0);
  EXPECT_EQ(row["wrk_rps"], 100.0);
  EXPECT_EQ(row["cpu_us_per_req"], 5.0);
  EXPECT_EQ(row["wrk_cpu_us_per_req"], 5.0);
  EXPECT_EQ(json["skipped"][0]["what"], "uring");
  EXPECT_EQ(json["skipped"][0]["reason"], "why");
}

}  // namespace
}  // namespace assay::bench
