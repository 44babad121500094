// Size and power by Monte Carlo with a fixed seed, small enough for every run of the
// tests; bench/regression/monte_carlo.cc has the full table.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/decide/decide.h"

namespace assay::regression {
namespace {

constexpr std::size_t kBlocks = 32;
constexpr int kTrials = 1000;

double Uniform(std::uint64_t trial, std::uint64_t draw) {
  return UnitInterval(Draw(11, "power", trial, draw)) + 0x1p-54;
}

double Normal(std::uint64_t trial, std::uint64_t draw) {
  return std::sqrt(-2 * std::log(Uniform(trial, 2 * draw))) *
         std::cos(2 * std::numbers::pi * Uniform(trial, 2 * draw + 1));
}

// Block noise of deviation 1; heavy: one block in ten is four times as wide.
double Noise(std::uint64_t trial, std::uint64_t block, bool heavy) {
  const double noise = Normal(trial, block);
  if (!heavy) return noise;
  return noise * (Uniform(trial, 1000 + block) < 0.1 ? 4 : 1) / std::sqrt(2.5);
}

struct Case {
  double sd = 0.02;
  double effect = 0;
  double tolerance = 0.03;
  std::size_t family = 1;
  bool heavy = false;
};

struct Shares {
  double regressed = 0;
  double equivalent = 0;
  double open = 0;
  double missed = 0;  // the interval does not hold the effect
};

// The last call alone suffices: verdicts and intervals carry every earlier look.
// The rest of the family has no blocks yet, which is as hard as no change.
Shares Simulate(const Case& setting) {
  Shares shares;
  std::vector<Evidence> family(setting.family);
  for (Evidence& evidence : family) evidence.grade = Grade::kA;
  family[0].tolerance = setting.tolerance;
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    family[0].blocks.clear();
    for (std::uint64_t block = 0; block < kBlocks; ++block) {
      family[0].blocks.push_back(std::log1p(setting.effect) +
                                 setting.sd * Noise(trial, block, setting.heavy));
    }
    const Decision decision = Decide(family, {})[0];
    shares.regressed += decision.verdict == Verdict::kRegressed;
    shares.equivalent += decision.verdict == Verdict::kEquivalent;
    shares.open += decision.verdict == Verdict::kInconclusive;
    shares.missed += decision.low > setting.effect || decision.high < setting.effect;
  }
  for (double* share : {&shares.regressed, &shares.equivalent, &shares.open, &shares.missed}) {
    *share /= kTrials;
  }
  return shares;
}

TEST(DecidePower, TheSameBinaryIsNeverRegressedAndSeldomOpen) {
  for (const bool heavy : {false, true}) {
    const Shares shares = Simulate({.family = 50, .heavy = heavy});
    EXPECT_EQ(shares.regressed, 0);
    EXPECT_LE(shares.open, 0.03);
  }
}

TEST(DecidePower, AChangeOfExactlyTheToleranceIsCalledAtMostAsOftenAsAlphaSays) {
  for (const bool heavy : {false, true}) {
    const Shares shares = Simulate({.effect = 0.03, .heavy = heavy});
    EXPECT_LE(shares.regressed, 0.05);
    EXPECT_LE(shares.equivalent, 0.025 + 0.015);  // three standard errors
    EXPECT_LE(shares.missed, 0.05);
    EXPECT_LE(Simulate({.effect = 0.03, .family = 50, .heavy = heavy}).regressed, 0.004);
  }
}

TEST(DecidePower, TwiceTheToleranceIsNeverEquivalent) {
  for (const double sd : {0.005, 0.02, 0.05}) {
    EXPECT_EQ(Simulate({.sd = sd, .effect = 0.06}).equivalent, 0);
  }
}

TEST(DecidePower, ATenthMoreIsFound) {
  EXPECT_GE(Simulate({.effect = 0.10, .family = 50}).regressed, 0.995);
}

TEST(DecidePower, FivePercentIsFoundWithinThirtyTwoBlocks) {
  // The full run has 95.3 % and 96.3 %; the margin is two standard errors of 1,000 runs.
  EXPECT_GE(Simulate({.effect = 0.05, .family = 50}).regressed, 0.94);
  EXPECT_GE(Simulate({.effect = 0.05, .family = 50, .heavy = true}).regressed, 0.94);
  EXPECT_GE(Simulate({.effect = 0.05, .tolerance = 0.02, .family = 50}).regressed, 0.99);
}

}  // namespace
}  // namespace assay::regression
