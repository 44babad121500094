#include "bench/regression/replay.h"

#include <gtest/gtest.h>

#include <cmath>

namespace assay::regression {
namespace {

// All four launches of a row, one repetition each but for the first.
TraceBlock BlockOf(BlockOrder order, std::array<double, 4> ns, double extra = 0, int round = 0) {
  TraceBlock block{.extra = extra, .round = round, .order = order};
  for (std::size_t i = 0; i < 4; ++i) block.ns["row"][i] = {ns[i]};
  return block;
}

TEST(Rounds, HaveTheBlockValuesOfMediansWithTheHeadOnTop) {
  Traces traces;
  traces.blocks.push_back(BlockOf(BlockOrder::kAbba, {10, 20, 20, 10}));
  traces.blocks.back().ns["row"][0] = {9, 10, 100};
  traces.blocks.push_back(BlockOf(BlockOrder::kBaab, {30, 10, 10, 30}));
  const auto rounds = RoundsOf(traces, 0);
  ASSERT_EQ(rounds.size(), 1u);
  const auto& values = rounds[0].values.at("row");
  ASSERT_EQ(values.size(), 2u);
  EXPECT_DOUBLE_EQ(values[0], std::log(2));
  EXPECT_DOUBLE_EQ(values[1], std::log(3));
}

TEST(Rounds, KeepRepetitionsBySideOfTheFirstPairAndOfAllLaunches) {
  Traces traces;
  traces.blocks.push_back(BlockOf(BlockOrder::kBaab, {1, 2, 3, 4}));
  traces.blocks.push_back(BlockOf(BlockOrder::kAbba, {5, 6, 7, 8}));
  const Round round = RoundsOf(traces, 0).at(0);
  EXPECT_EQ(round.first.at("row").base, (std::vector<double>{2}));
  EXPECT_EQ(round.first.at("row").head, (std::vector<double>{1}));
  EXPECT_EQ(round.all.at("row").base, (std::vector<double>{2, 3, 5, 8}));
  EXPECT_EQ(round.all.at("row").head, (std::vector<double>{1, 4, 6, 7}));
}

TEST(Rounds, AreTakenApartByNumberAndByExtra) {
  Traces traces;
  for (const double extra : {0.0, 0.1}) {
    for (const int round : {3, 5}) {
      traces.blocks.push_back(BlockOf(BlockOrder::kAbba, {1, 1, 1, 1}, extra, round));
    }
  }
  EXPECT_EQ(RoundsOf(traces, 0.1).size(), 2u);
  EXPECT_EQ(RoundsOf(traces, 0.1)[0].values.at("row").size(), 1u);
  EXPECT_TRUE(RoundsOf(traces, 0.05).empty());
}

// 0.1 % of alternating noise around the centre.
std::vector<double> Blocks(double centre, std::size_t count) {
  std::vector<double> blocks(count);
  for (std::size_t i = 0; i < count; ++i) blocks[i] = centre + (i % 2 == 0 ? 1e-3 : -1e-3);
  return blocks;
}

TEST(Replay, SaysOfEachRowWhatWasDecidedAndAfterHowManyBlocks) {
  const auto outcome = Replay(
      {{"same", Blocks(0, 32)}, {"slower", Blocks(0.2, 32)}, {"faster", Blocks(-0.2, 32)}}, 0.03);
  EXPECT_EQ(outcome.at("same").verdict, Verdict::kEquivalent);
  EXPECT_LT(outcome.at("same").blocks, 32);
  EXPECT_EQ(outcome.at("slower").verdict, Verdict::kRegressed);
  EXPECT_EQ(outcome.at("faster").verdict, Verdict::kImproved);
  // One alone among three needs p <= 0.05 ÷ 3: nine blocks are not enough.
  EXPECT_EQ(outcome.at("slower").blocks, 14);
}

TEST(Replay, WhatIsDecidedTakesNoFurtherBlocks) {
  std::vector<double> turns = Blocks(0.2, 14);
  for (const double block : Blocks(-0.5, 50)) turns.push_back(block);
  const auto outcome = Replay({{"turns", turns}, {"other", Blocks(0, 64)}}, 0.03);
  EXPECT_EQ(outcome.at("turns").verdict, Verdict::kRegressed);
  EXPECT_EQ(outcome.at("turns").blocks, 14);
}

TEST(Replay, UsesAllBlocksOfWhatStaysOpenAndGoesByTheTolerance) {
  const RowBlocks values{{"open", Blocks(std::log1p(0.03), 32)}, {"short", Blocks(0, 4)}};
  const auto outcome = Replay(values, 0.03);
  EXPECT_EQ(outcome.at("open").verdict, Verdict::kInconclusive);
  EXPECT_EQ(outcome.at("open").blocks, 32);
  EXPECT_EQ(outcome.at("short").blocks, 4);
  EXPECT_EQ(Replay(values, 0.01).at("open").verdict, Verdict::kRegressed);
}

TEST(StandardDeviation, IsThatOfASample) {
  EXPECT_DOUBLE_EQ(StandardDeviation({1, 3}), std::sqrt(2));
  EXPECT_DOUBLE_EQ(StandardDeviation({2, 4, 4, 4, 5, 5, 7, 9}), std::sqrt(32.0 / 7));
  EXPECT_EQ(StandardDeviation({5}), 0);
}

}  // namespace
}  // namespace assay::regression
