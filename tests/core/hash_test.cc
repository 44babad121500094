#include "assay/core/hash.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(HashBytes, MatchesThePublishedVectorsOfFnv1a) {
  EXPECT_EQ(HashBytes(""), 0xcbf29ce484222325u);
  EXPECT_EQ(HashBytes("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(HashBytes("foobar"), 0x85944171f73967e8u);
}

TEST(HashBytes, ChainsParts) { EXPECT_EQ(HashBytes("bar", HashBytes("foo")), HashBytes("foobar")); }

// The first outputs of SplitMix64 seeded with 0 and with its own increment.
TEST(Mix, MatchesThePublishedVectorsOfSplitMix64) {
  EXPECT_EQ(Mix(0), 0xe220a8397b1dcdafu);
  EXPECT_EQ(Mix(0x9e3779b97f4a7c15u), 0x6e789e6aa1b965f4u);
}

TEST(Draw, DependsOnEachOfItsArguments) {
  const auto draw = Draw(1, "latency", 2, 3);
  EXPECT_EQ(draw, Draw(1, "latency", 2, 3));
  EXPECT_NE(draw, Draw(2, "latency", 2, 3));
  EXPECT_NE(draw, Draw(1, "error", 2, 3));
  EXPECT_NE(draw, Draw(1, "latency", 3, 3));
  EXPECT_NE(draw, Draw(1, "latency", 2, 4));
  EXPECT_NE(draw, Draw(1, "latency", 3, 2));
}

TEST(UnitInterval, CoversZeroInclusiveToOneExclusive) {
  EXPECT_EQ(UnitInterval(0), 0.0);
  EXPECT_LT(UnitInterval(~std::uint64_t{0}), 1.0);
  EXPECT_EQ(UnitInterval(std::uint64_t{1} << 63), 0.5);
}

}  // namespace
}  // namespace assay
