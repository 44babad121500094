#include "tools/selftest/judge.h"

#include <gtest/gtest.h>

namespace assay::selftest {
namespace {

using regression::Verdict;
using Values = std::vector<double>;

void Add(SelfComparison& comparison, const std::string& name, Values blocks) {
  comparison.names.push_back(name);
  comparison.outcome.blocks = static_cast<int>(blocks.size());
  comparison.launches[name] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {5, 6, 7, 8}};
  comparison.outcome.values[name] = {
      .blocks = blocks.size(),
      .medians = {{"cpu_time",
                   {.blocks = std::move(blocks), .base = {10, 40}, .head = {20, 30}}}}};
}

// Noise of ±0.1 % around `center`.
Values Around(double center, int blocks = 32) {
  Values values;
  for (int i = 0; i < blocks; ++i) values.push_back(center + (i % 2 == 0 ? 0.001 : -0.001));
  return values;
}

// What is decided does not depend on how often it is simulated.
Report Quick() { return {.simulations = 40}; }

TEST(Judge, SaysOfEveryRowInTheProgramsOrderWhatItsBlocksShow) {
  SelfComparison comparison;
  Add(comparison, "still", Around(0));
  Add(comparison, "slow", Around(0.2));
  Add(comparison, "fast", Around(-0.2));
  comparison.block = std::chrono::milliseconds(1500);
  Report report = Quick();
  Judge(comparison, report);
  ASSERT_EQ(report.rows.size(), 3u);
  EXPECT_EQ(report.rows[0].name, "still");
  EXPECT_EQ(report.rows[0].decision.verdict, Verdict::kEquivalent);
  EXPECT_EQ(report.rows[1].decision.verdict, Verdict::kRegressed);
  EXPECT_EQ(report.rows[2].decision.verdict, Verdict::kImproved);
  EXPECT_EQ(FalseAlarms(report), (std::vector<std::string>{"slow", "fast"}));
  EXPECT_EQ(report.blocks, 32);
  EXPECT_EQ(report.block_seconds, 1.5);

  const SelfRow& row = report.rows[0];
  EXPECT_EQ(row.median_ns, 25);
  EXPECT_EQ(row.blocks, 32u);
  EXPECT_NEAR(row.block_sd.value(), 0.001, 0.0001);
  EXPECT_EQ(row.pairs, 3u);
  EXPECT_EQ(row.pairs_different, 2u);
  EXPECT_TRUE(row.sensitivity_known);
  EXPECT_LT(row.detects.value(), 0.035);
  EXPECT_GT(row.detects.value(), 0.03);
}

TEST(Judge, TheFamilyIsWhatCouldBeMeasured) {
  SelfComparison comparison;
  Add(comparison, "row", Around(0));
  Report alone = Quick();
  Judge(comparison, alone);
  EXPECT_EQ(alone.rows[0].blocks_for_change, 9);

  for (const char* name : {"a", "b", "c"}) {
    comparison.names.push_back(name);
    comparison.outcome.not_comparable[name] = "base skipped: no socket";
  }
  Report skipped = Quick();
  Judge(comparison, skipped);
  EXPECT_EQ(skipped.rows[0].blocks_for_change, 9);
  EXPECT_EQ(skipped.rows[3].trouble, "base skipped: no socket");
  EXPECT_FALSE(skipped.rows[3].sensitivity_known);

  Add(comparison, "second", Around(0));
  Add(comparison, "third", Around(0));
  Report three = Quick();
  Judge(comparison, three);
  EXPECT_EQ(three.rows[0].blocks_for_change, 14);
}

TEST(Judge, TakesToleranceChangeBlocksAndPowerFromTheReport) {
  SelfComparison comparison;
  Add(comparison, "row", Around(0));
  Report wide{.tolerance = 0.5, .change = 0.4, .simulations = 40};
  Judge(comparison, wide);
  EXPECT_GT(wide.rows[0].detects.value(), 0.5);
  EXPECT_EQ(wide.rows[0].blocks_for_change, std::nullopt);
  Report few{.planned_blocks = 8, .simulations = 40};  // before the first look
  Judge(comparison, few);
  EXPECT_EQ(few.rows[0].detects, std::nullopt);
  Add(comparison, "noisy", {-0.1, -0.05, -0.02, -0.01, 0, 0.01, 0.02, 0.05, 0.1});
  Report often = Quick();
  Judge(comparison, often);
  Report sometimes{.simulations = 40, .power = 0.5};
  Judge(comparison, sometimes);
  EXPECT_LT(sometimes.rows[1].detects.value(), often.rows[1].detects.value() - 0.005);
}

TEST(Judge, OfFewBlocksNothingIsSaidAboutSensitivity) {
  SelfComparison comparison;
  Add(comparison, "row", Around(0, 4));
  Report report = Quick();
  Judge(comparison, report);
  EXPECT_FALSE(report.rows[0].sensitivity_known);
  EXPECT_EQ(report.rows[0].decision.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(FalseAlarms(report).empty());
  Add(comparison, "five", Around(0, 5));
  Judge(comparison, report);
  EXPECT_TRUE(report.rows[1].sensitivity_known);
}

}  // namespace
}  // namespace assay::selftest
