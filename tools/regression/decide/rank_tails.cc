#include "tools/regression/decide/rank_tails.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace assay::regression {
namespace {

// From the mass of each count to the mass at or above it. Summed from the far end,
// so that small tails lose no digits.
void Accumulate(std::vector<double>& mass) {
  for (std::size_t count = mass.size() - 1; count-- > 0;) mass[count] += mass[count + 1];
  for (double& tail : mass) tail = std::min(tail, 1.0);
  mass[0] = 1;  // certain, whatever rounding says
}

std::vector<double> ApproximateRankSumTail(std::size_t n, std::size_t m) {
  const double pairs = static_cast<double>(n) * static_cast<double>(m);
  const double deviation = std::sqrt(pairs * static_cast<double>(n + m + 1) / 12);
  std::vector<double> tail(n * m + 1);
  for (std::size_t u = 0; u < tail.size(); ++u) {
    const double z = (static_cast<double>(u) - 0.5 - pairs / 2) / deviation;
    tail[u] = 0.5 * std::erfc(z / std::numbers::sqrt2);
  }
  return tail;
}

}  // namespace

std::vector<double> SignedRankTail(std::size_t n) {
  // Rank r is positive or not with chance a half each: the generating function is
  // the product of (1 + x^r) ÷ 2, and halves are exact in binary.
  std::vector<double> mass(n * (n + 1) / 2 + 1, 0.0);
  mass[0] = 1;
  std::size_t reach = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    reach += rank;
    for (std::size_t w = reach + 1; w-- > 0;) {
      mass[w] = 0.5 * (mass[w] + (w >= rank ? mass[w - rank] : 0.0));
    }
  }
  Accumulate(mass);
  return mass;
}

std::vector<double> RankSumTail(std::size_t n, std::size_t m) {
  constexpr std::size_t kMostPairs = 10'000;
  if (n * m > kMostPairs) return ApproximateRankSumTail(n, m);
  // The Gaussian binomial: the product of (1 - x^(m+i)) ÷ (1 - x^i), i = 1 ... n.
  // Scaled by i ÷ (m+i) at each step, so that the sum stays 1.
  std::vector<double> mass(n * m + 1, 0.0);
  mass[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t u = mass.size(); u-- > m + i;) mass[u] -= mass[u - m - i];
    for (std::size_t u = i; u < mass.size(); ++u) mass[u] += mass[u - i];
    const double scale = static_cast<double>(i) / static_cast<double>(m + i);
    for (double& value : mass) value *= scale;
  }
  // Subtraction leaves rounding dust in the far tail; the distribution is symmetric,
  // and its near half, computed first, is the exact one.
  for (std::size_t u = 0; u < mass.size() / 2; ++u) mass[mass.size() - 1 - u] = mass[u];
  Accumulate(mass);
  return mass;
}

std::size_t CriticalCount(std::span<const double> tail, double level) noexcept {
  const auto first = std::partition_point(tail.begin(), tail.end(),
                                          [level](double chance) { return chance > level; });
  return static_cast<std::size_t>(first - tail.begin());
}

const std::vector<double>& TailCache::SignedRank(std::size_t n) {
  const auto [entry, added] = signed_rank_.try_emplace(n);
  if (added) entry->second = SignedRankTail(n);
  return entry->second;
}

const std::vector<double>& TailCache::RankSum(std::size_t n, std::size_t m) {
  const auto [entry, added] = rank_sum_.try_emplace({n, m});
  if (added) entry->second = RankSumTail(n, m);
  return entry->second;
}

}  // namespace assay::regression
