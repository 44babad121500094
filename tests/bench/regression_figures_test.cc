// The arithmetic of bench/regression that is not a replay.
#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "bench/regression/anchors.h"
#include "bench/regression/callgrind.h"
#include "bench/regression/confidence_bound.h"

namespace assay::regression {
namespace {

TEST(ConfidenceBound, IsTheExactOneOfClopperAndPearson) {
  EXPECT_NEAR(UpperBoundOfShare(0, 2000), 1 - std::pow(0.05, 1.0 / 2000), 1e-12);
  EXPECT_NEAR(LowerBoundOfShare(220, 220), std::pow(0.05, 1.0 / 220), 1e-12);
  // At the bound so many cases or more (fewer) have a chance of exactly 5 %: one of two.
  EXPECT_NEAR(LowerBoundOfShare(1, 2), 1 - std::sqrt(0.95), 1e-9);
  EXPECT_NEAR(UpperBoundOfShare(1, 2), std::sqrt(0.95), 1e-9);
}

TEST(ConfidenceBound, KnowsNothingOfNoCasesAndTheEnds) {
  EXPECT_EQ(LowerBoundOfShare(0, 0), 0);
  EXPECT_EQ(UpperBoundOfShare(0, 0), 1);
  EXPECT_EQ(LowerBoundOfShare(0, 10), 0);
  EXPECT_EQ(UpperBoundOfShare(10, 10), 1);
}

TEST(Callgrind, TheTotalIsThatOfItsLine) {
  EXPECT_EQ(CallgrindTotal("events: Ir\nsummary: 7\n\nfn=main\n1 2\ntotals: 1234567\n"), 1234567u);
  EXPECT_EQ(CallgrindTotal("events: Ir\nsummary: 7\n"), std::nullopt);
  EXPECT_EQ(CallgrindTotal("x\ntotals: none\n"), std::nullopt);
  EXPECT_EQ(CallgrindTotal("subtotals: 5\n"), std::nullopt);
}

TEST(Callgrind, WhatIsDoneOnceCancels) {
  const InstructionCounts counts{.base_once = 500 + 100,
                                 .base_twice = 500 + 200,
                                 .head_once = 900 + 110,
                                 .head_twice = 900 + 220};
  EXPECT_NEAR(InstructionRise(counts).value(), 0.1, 1e-12);
  EXPECT_EQ(InstructionRise({10, 10, 10, 20}), std::nullopt);
  EXPECT_EQ(InstructionRise({10, 20, 10, 10}), std::nullopt);
}

bool Says(std::string_view start, const Files& files) {
  for (const AnchorRule& rule : AnchorRules()) {
    if (std::string_view(rule.name).starts_with(start)) return rule.regressed(files);
  }
  ADD_FAILURE() << "no rule " << start;
  return false;
}

// Ten repetitions a side; the head `ratio` times as slow, noise below 1 %.
Files Ten(double ratio) {
  Files files;
  for (int i = 0; i < 10; ++i) {
    files.base.push_back(100 + 0.1 * i);
    files.head.push_back(ratio * (100.05 + 0.1 * i));
  }
  return files;
}

TEST(Anchors, AgreeOnWhatIsTheSameAndOnTwiceAsSlow) {
  for (const AnchorRule& rule : AnchorRules()) {
    EXPECT_FALSE(rule.regressed(Ten(1))) << rule.name;
    EXPECT_TRUE(rule.regressed(Ten(2))) << rule.name;
  }
}

TEST(Anchors, EachHasItsOwnThreshold) {
  EXPECT_TRUE(Says("compare.py: U test p < 0.05, slower", Ten(1.02)));
  EXPECT_FALSE(Says("compare.py: U test p < 0.05, slower", Ten(0.98)));
  EXPECT_TRUE(Says("compare.py: U test p < 0.05", Ten(0.98)));
  EXPECT_TRUE(Says("criterion-like", Ten(1.03)));
  EXPECT_FALSE(Says("criterion-like", Ten(1.008)));
  EXPECT_TRUE(Says("asv", Ten(1.11)));
  EXPECT_FALSE(Says("asv", Ten(1.09)));
  EXPECT_TRUE(Says("plain ratio", Ten(1.06)));
  EXPECT_FALSE(Says("plain ratio", Ten(1.04)));
  EXPECT_FALSE(Says("assay", Ten(1.5)));
}

// The same two times again and again: the error falls with the number of repetitions.
TEST(Anchors, CriterionsErrorGoesByTheNumberOfRepetitions) {
  const Files two{.base = {100, 104}, .head = {107, 111}};  // 7 ÷ 2.83 = 2.5 standard errors
  Files ten;
  for (int i = 0; i < 10; ++i) {
    ten.base.push_back(i % 2 == 0 ? 100 : 104);
    ten.head.push_back(i % 2 == 0 ? 107 : 111);
  }
  EXPECT_FALSE(Says("criterion-like", two));
  EXPECT_TRUE(Says("criterion-like", ten));
}

}  // namespace
}  // namespace assay::regression
