#include "tools/regression/decide/holm.h"

#include <gtest/gtest.h>

#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {
namespace {

using Flags = std::vector<bool>;

// Thresholds for four: 0.0125, 0.0167, 0.025, 0.05.
TEST(Holm, StepsDownUntilTheFirstThatIsTooLarge) {
  EXPECT_EQ(HolmRejects(std::vector{0.01, 0.04, 0.03, 0.005}, 0.05),
            (Flags{true, false, false, true}));
  EXPECT_EQ(HolmRejects(std::vector{0.012, 0.05, 0.025, 0.016}, 0.05),
            (Flags{true, true, true, true}));
  EXPECT_EQ(HolmRejects(std::vector{0.013, 0.001}, 0.05), (Flags{true, true}));
}

TEST(Holm, StopsAtAGapEvenIfALaterOneWouldPass) {
  EXPECT_EQ(HolmRejects(std::vector{0.03, 0.03, 0.04}, 0.05), (Flags{false, false, false}));
}

TEST(Holm, RejectsAtTheThresholdItselfAndNothingOfNone) {
  EXPECT_EQ(HolmRejects(std::vector{0.05}, 0.05), Flags{true});
  EXPECT_EQ(HolmRejects({}, 0.05), Flags{});
}

TEST(Holm, LoweringAPValueNeverTakesBackARejection) {
  for (std::uint64_t run = 0; run < 2000; ++run) {
    std::vector<double> p;
    for (std::uint64_t i = 0; i < 8; ++i) {
      p.push_back(0.1 * UnitInterval(Draw(1, "holm", run, i)));
    }
    const Flags before = HolmRejects(p, 0.05);
    p[run % 8] *= UnitInterval(Draw(1, "lower", run, 0));
    const Flags after = HolmRejects(p, 0.05);
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_LE(before[i], after[i]);
  }
}

}  // namespace
}  // namespace assay::regression
