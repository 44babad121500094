#include "bench/regression/engines.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <vector>

#include "tools/regression/decide/looks.h"
#include "tools/regression/decide/rank_tails.h"

namespace assay::regression {
namespace {

// Mixture over the chance of a sign, uniform on [1/2, 1], against 1/2.
Path SignMixture(const Blocks& blocks, double margin) {
  Path path{};
  double best = 1;
  int above = 0;
  for (int i = 0; i < kBlocks; ++i) {
    above += blocks[static_cast<std::size_t>(i)] > margin;
    const double a = above + 1;
    const double b = i + 2 - above;
    static std::array<std::array<double, kBlocks + 1>, kBlocks> known{};
    double& e = known[static_cast<std::size_t>(i)][static_cast<std::size_t>(above)];
    if (e <= 0) {
      e = std::ldexp(boost::math::beta(a, b) * boost::math::ibetac(a, b, 0.5), i + 2);
    }
    best = std::min(best, 1 / e);
    path[static_cast<std::size_t>(i)] = best;
  }
  return path;
}

// Product of 1 + tanh(lambda x ÷ scale), a fair bet on the sign of x given its size;
// mixture over lambda, scale the median size so far.
Path SymmetricBets(const Blocks& blocks, double margin) {
  constexpr std::array kLambdas{0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0};
  std::array<double, kLambdas.size()> wealth{};
  wealth.fill(1.0 / kLambdas.size());
  std::vector<double> sizes;
  Path path{};
  double best = 1;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const double x = blocks[i] - margin;
    sizes.insert(std::upper_bound(sizes.begin(), sizes.end(), std::abs(x)), std::abs(x));
    const double scale = sizes[sizes.size() / 2] + 1e-12;
    double total = 0;
    for (std::size_t j = 0; j < kLambdas.size(); ++j) {
      wealth[j] *= 1 + std::tanh(kLambdas[j] * x / scale);
      total += wealth[j];
    }
    best = std::min(best, 1 / std::max(total, 1e-300));
    path[i] = best;
  }
  return path;
}

// Bayes factor of the t statistic, effect ~ N(0, 1) in units of the deviation: not
// robust, the reference for normal noise.
Path SequentialT(const Blocks& blocks, double margin) {
  Path path{};
  double best = 1;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const double n = static_cast<double>(i) + 1;
    sum += blocks[i] - margin;
    squares += std::pow(blocks[i] - margin, 2);
    if (i >= 2 && sum > 0) {
      const double variance = (squares - sum * sum / n) / (n - 1);
      const double t2 = sum * sum / n / (variance + 1e-30);
      const double log_factor =
          -0.5 * std::log(1 + n) +
          n / 2 * (std::log1p(t2 / (n - 1)) - std::log1p(t2 / ((n - 1) * (1 + n))));
      best = std::min(best, 0.5 * std::exp(-log_factor));
    }
    path[i] = best;
  }
  return path;
}

// Signed rank at the looks of a schedule. `looks` is one of looks.h.
template <const auto& looks>
Path SignedRank(const Blocks& blocks, double margin) {
  static TailCache tails;
  Path path{};
  double best = 1;
  std::size_t above = 0;
  auto look = looks.begin();
  for (std::size_t i = 0; i < kBlocks; ++i) {
    for (std::size_t j = 0; j <= i; ++j) above += (blocks[i] + blocks[j]) / 2 > margin;
    if (look->blocks == i + 1) {
      best = std::min(best, tails.SignedRank(i + 1)[above] / look->share);
      ++look;
    }
    path[i] = best;
  }
  return path;
}

constexpr std::array kEngines{
    NamedEngine{"sign mixture", SignMixture, SignMixture},
    NamedEngine{"symmetric bets", SymmetricBets, SymmetricBets},
    NamedEngine{"sequential t", SequentialT, SequentialT},
    NamedEngine{"signed rank*", SignedRank<kAlarmLooks>, SignedRank<kIntervalLooks>},
};

}  // namespace

std::span<const NamedEngine> Engines() { return kEngines; }

}  // namespace assay::regression
