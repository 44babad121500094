#include "bench/resilience/amplification.h"

#include <cmath>

namespace assay::bench {
namespace {

double PerCall(double extra, std::uint64_t calls) { return 1 + extra / static_cast<double>(calls); }

}  // namespace

double ExpectedAmplification(double error_rate, int attempts) {
  double mean = 0;
  for (int k = 0; k < attempts; ++k) mean += std::pow(error_rate, k);
  return mean;
}

double AmplificationTolerance(double error_rate, int attempts, std::uint64_t calls) {
  // Attempt k + 1 is made with probability p^k, so the mean of the squares is the sum of
  // (2k + 1) p^k.
  double squares = 0;
  for (int k = 0; k < attempts; ++k) squares += (2 * k + 1) * std::pow(error_rate, k);
  const double mean = ExpectedAmplification(error_rate, attempts);
  // A little more, because sums are rounded where there is no variance, too.
  return 5 * std::sqrt((squares - mean * mean) / static_cast<double>(calls)) + 1e-9;
}

double ExpectedSuccess(double error_rate, int attempts) {
  return 1 - std::pow(error_rate, attempts);
}

double MostAmplification(const TokenBudgetOptions& budget, std::uint64_t calls,
                         std::uint64_t successes) {
  // Granted as long as more than half of the tokens are there: the last one may leave less.
  const double at_first = static_cast<double>(budget.max_tokens) / 2 + 1;
  return PerCall(at_first + budget.token_ratio * static_cast<double>(successes), calls);
}

double MostAmplification(const RatioBudgetOptions& budget, std::uint64_t calls,
                         std::uint64_t successes) {
  // The floor of a window, and the half of one more that may begin meanwhile.
  const double at_first = 1.5 * static_cast<double>(budget.floor);
  return PerCall(at_first + budget.ratio * static_cast<double>(successes), calls);
}

}  // namespace assay::bench
