#include "tools/regression/decide/blocks_needed.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "tools/regression/decide/looks.h"

namespace assay::regression {
namespace {

// Standard deviation from absolute deviations, which heavy tails move less.
double Spread(std::span<const double> blocks, double center) {
  double sum = 0;
  int numbers = 0;
  for (const double block : blocks) {
    if (!std::isfinite(block)) continue;
    sum += std::abs(block - center);
    ++numbers;
  }
  return numbers > 0 ? sum / numbers * std::sqrt(std::numbers::pi / 2) : 0;
}

bool Decides(std::size_t blocks, double level, double distance, double spread) {
  if (std::ldexp(1.0, -static_cast<int>(blocks)) > level) return false;
  if (!(level < 1) || spread <= 0) return distance > 0;
  const boost::math::normal normal;
  const double z = boost::math::quantile(boost::math::complement(normal, level));
  constexpr double kLikely = 0.8416;  // the normal quantile of 80 %
  const double information = 3 / std::numbers::pi * static_cast<double>(blocks);
  return distance / spread * std::sqrt(information) >= z + kLikely;
}

}  // namespace

std::optional<int> BlocksNeeded(std::span<const double> blocks, const Outlook& outlook) {
  const double beyond = std::abs(outlook.center) - outlook.margin;
  const double spread = Spread(blocks, outlook.center);
  const auto first = [&](const auto& looks, double level) -> std::optional<int> {
    for (const Look& look : looks) {
      if (look.blocks <= blocks.size()) continue;
      if (Decides(look.blocks, level * look.share, std::abs(beyond), spread)) {
        return static_cast<int>(look.blocks - blocks.size());
      }
    }
    return std::nullopt;
  };
  return beyond > 0 ? first(kAlarmLooks, outlook.alarm_level)
                    : first(kIntervalLooks, outlook.interval_level);
}

}  // namespace assay::regression
