#include "tools/regression/decide/rank_tails.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

namespace assay::regression {
namespace {

// Every assignment of signs to the ranks 1 ... n.
std::vector<double> SignedRankTailByEnumeration(unsigned n) {
  std::vector<double> tail(n * (n + 1) / 2 + 1, 0.0);
  for (unsigned signs = 0; signs < (1U << n); ++signs) {
    std::size_t sum = 0;
    for (unsigned rank = 1; rank <= n; ++rank) sum += (signs >> (rank - 1) & 1U) * rank;
    for (std::size_t w = 0; w <= sum; ++w) tail[w] += std::ldexp(1.0, -static_cast<int>(n));
  }
  return tail;
}

// Every choice of m places among n + m.
std::vector<double> RankSumTailByEnumeration(unsigned n, unsigned m) {
  std::vector<double> tail(n * m + 1, 0.0);
  double choices = 0;
  for (unsigned places = 0; places < (1U << (n + m)); ++places) {
    if (static_cast<unsigned>(std::popcount(places)) != m) continue;
    ++choices;
    std::size_t larger = 0;
    unsigned others = 0;
    for (unsigned place = 0; place < n + m; ++place) {
      if ((places >> place & 1U) != 0) larger += others;
      if ((places >> place & 1U) == 0) ++others;
    }
    for (std::size_t u = 0; u <= larger; ++u) ++tail[u];
  }
  for (double& chance : tail) chance /= choices;
  return tail;
}

TEST(SignedRankTail, IsThatOfEveryAssignmentOfSigns) {
  for (unsigned n = 1; n <= 12; ++n) {
    const std::vector<double> expected = SignedRankTailByEnumeration(n);
    const std::vector<double> tail = SignedRankTail(n);
    ASSERT_EQ(tail.size(), expected.size());
    for (std::size_t w = 0; w < tail.size(); ++w) EXPECT_NEAR(tail[w], expected[w], 1e-13);
  }
}

// Wilcoxon's table: at n = 10 the sum 45 (10 below the total) has one-sided p = 0.0420,
// at n = 20 the sum 150 has p = 0.0487.
TEST(SignedRankTail, AgreesWithThePublishedTable) {
  EXPECT_NEAR(SignedRankTail(10)[45], 0.0420, 5e-5);
  EXPECT_NEAR(SignedRankTail(20)[150], 0.0487, 5e-5);
}

TEST(SignedRankTail, KeepsItsSmallestValuesExact) {
  const std::vector<double> tail = SignedRankTail(64);
  EXPECT_EQ(tail.back(), std::ldexp(1.0, -64));
  EXPECT_EQ(tail[tail.size() - 2], std::ldexp(2.0, -64));
  EXPECT_EQ(tail.front(), 1.0);
}

TEST(RankSumTail, IsThatOfEveryOrder) {
  for (const auto& [n, m] : {std::pair{1U, 1U}, {3U, 3U}, {5U, 5U}, {4U, 7U}, {8U, 2U}, {8U, 8U}}) {
    const std::vector<double> expected = RankSumTailByEnumeration(n, m);
    const std::vector<double> tail = RankSumTail(n, m);
    ASSERT_EQ(tail.size(), expected.size());
    for (std::size_t u = 0; u < tail.size(); ++u) {
      EXPECT_NEAR(tail[u] / expected[u], 1, 1e-9) << n << " and " << m << " at " << u;
    }
  }
}

// C(40, 20) = 137,846,528,820 orders, one of which separates the sides.
TEST(RankSumTail, KeepsItsSmallestValueExact) {
  EXPECT_NEAR(RankSumTail(20, 20).back() * 137'846'528'820.0, 1, 1e-9);
}

TEST(RankSumTail, ApproximationOfLargeSamplesMeetsTheExactOne) {
  const std::vector<double> exact = RankSumTail(100, 100);
  const std::vector<double> approximate = RankSumTail(100, 101);
  const auto at = [](const std::vector<double>& tail, double share) {
    return tail[static_cast<std::size_t>(share * static_cast<double>(tail.size() - 1))];
  };
  EXPECT_NEAR(at(exact, 0.5), at(approximate, 0.5), 0.01);
  EXPECT_NEAR(at(approximate, 0.6) / at(exact, 0.6), 1, 0.05);
}

TEST(CriticalCount, IsTheFirstWhoseTailIsSmallEnough) {
  const std::vector<double> tail = SignedRankTail(5);  // ends 3/32, 2/32, 1/32
  EXPECT_EQ(CriticalCount(tail, 1.0 / 32), 15U);
  EXPECT_EQ(CriticalCount(tail, 2.0 / 32), 14U);
  EXPECT_EQ(CriticalCount(tail, 0.01), tail.size());
  EXPECT_EQ(CriticalCount(tail, 1.0), 0U);
}

}  // namespace
}  // namespace assay::regression
