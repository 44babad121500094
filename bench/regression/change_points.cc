// How often change points are invented, and how often real ones are found.
//
// Monte Carlo over synthetic histories of log values: stationary noise counts false
// points per 1,000 points, a step counts finds within so many commits after it. The
// defaults of ChangePointOptions come from this table.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/history/change_point.h"

namespace {

using assay::Draw;
using assay::UnitInterval;
using assay::regression::ChangePointOptions;
using assay::regression::Changes;
using assay::regression::FindChanges;

constexpr double kSd = 0.02;

struct Arguments {
  int trials = 40;
  std::uint64_t seed = 1;
  ChangePointOptions options{};
};

struct Noise {
  const char* name;
  double correlation;  // of neighbouring commits
  double outliers;     // share of commits that are 10 to 50 % slower for once
};
constexpr Noise kNoises[] = {{"normal", 0, 0},
                             {"AR(1) 0.3", 0.3, 0},
                             {"1 % outliers", 0, 0.01},
                             {"AR(1) 0.3 + 1 % outliers", 0.3, 0.01}};

double Uniform(std::uint64_t seed, std::string_view stream, std::size_t trial, std::size_t i) {
  return UnitInterval(Draw(seed, stream, trial, i));
}

double Normal(std::uint64_t seed, std::size_t trial, std::size_t i) {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log(1 - Uniform(seed, "radius", trial, i)));
  return radius * std::cos(2 * std::numbers::pi * Uniform(seed, "angle", trial, i));
}

std::vector<double> MakeNoise(const Noise& noise, std::size_t n, std::uint64_t seed,
                              std::size_t trial) {
  std::vector<double> values(n);
  const double fresh = std::sqrt(1 - noise.correlation * noise.correlation);
  double state = kSd * Normal(seed, trial, n);
  for (std::size_t i = 0; i < n; ++i) {
    state = noise.correlation * state + fresh * kSd * Normal(seed, trial, i);
    values[i] = state;
    if (Uniform(seed, "outlier", trial, i) < noise.outliers) {
      values[i] += std::log(1.1 + 0.4 * Uniform(seed, "size", trial, i));
    }
  }
  return values;
}

void FalsePoints(const Arguments& arguments, const Noise& noise, std::size_t n) {
  // The same number of points in every row, so that the rows are equally exact.
  const std::size_t trials = static_cast<std::size_t>(arguments.trials) * 500 / n + 1;
  std::size_t found = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    const auto values = MakeNoise(noise, n, arguments.seed, trial);
    found += FindChanges(values, {}, arguments.options).points.size();
  }
  const double points = static_cast<double>(trials * n);
  std::printf("%-26s %6zu %9.0f %6zu %12.3f\n", noise.name, n, points, found,
              1000 * static_cast<double>(found) / points);
}

// The history as its reader sees it: looked at after every commit. A point that was
// ever shown counts, once for each stretch of neighbours.
void FalsePointsWhileGrowing(const Arguments& arguments, const Noise& noise, std::size_t n) {
  const std::size_t trials = static_cast<std::size_t>(arguments.trials) / 4 + 1;
  std::size_t shown = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    const auto values = MakeNoise(noise, n, arguments.seed, trial);
    std::set<std::size_t> places;
    for (std::size_t size = 10; size <= n; ++size) {
      const auto changes = FindChanges(std::span(values).first(size), {}, arguments.options);
      for (const auto& point : changes.points) {
        const auto near = places.lower_bound(point.index < 8 ? 0 : point.index - 8);
        if (near == places.end() || *near > point.index + 8) places.insert(point.index);
      }
    }
    shown += places.size();
  }
  const double points = static_cast<double>(trials * n);
  std::printf("%-26s %6zu %9.0f %6zu %12.3f\n", noise.name, n, points, shown,
              1000 * static_cast<double>(shown) / points);
}

struct Finds {
  int found = 0;    // a point in the right direction, at most eight commits beside the step
  int covered = 0;  // ... whose interval contains the step
  int extra = 0;    // other points
};

Finds Judge(const Changes& changes, std::size_t step_at, double step) {
  Finds finds;
  for (const auto& point : changes.points) {
    const auto beside = static_cast<std::ptrdiff_t>(point.index - step_at);
    if (std::abs(beside) > 8 || (point.effect > 0) != (step > 0)) {
      ++finds.extra;
      continue;
    }
    finds.found = 1;
    if (point.last_good < step_at && step_at <= point.first_bad) finds.covered = 1;
  }
  return finds;
}

void Steps(const Arguments& arguments, const Noise& noise, double step, std::size_t before) {
  Finds sum;
  std::vector<double> share;
  for (const std::size_t after : {3u, 5u, 8u, 20u}) {
    Finds here;
    for (std::size_t trial = 0; trial < static_cast<std::size_t>(arguments.trials); ++trial) {
      auto values = MakeNoise(noise, before + after, arguments.seed + 1, trial);
      for (std::size_t i = before; i < values.size(); ++i) values[i] += std::log1p(step);
      const Finds finds = Judge(FindChanges(values, {}, arguments.options), before, step);
      here.found += finds.found;
      here.covered += finds.covered;
    }
    share.push_back(100.0 * here.found / arguments.trials);
    if (after == 8) sum = here;
  }
  std::printf("%-26s %+5.0f %% %6zu %7.1f %7.1f %7.1f %7.1f %9.1f\n", noise.name, 100 * step,
              before, share[0], share[1], share[2], share[3],
              sum.found == 0 ? 0.0 : 100.0 * sum.covered / sum.found);
}

void PrintTables(const Arguments& arguments) {
  std::printf("seed %llu, trials %d, noise SD %.0f %%, alpha %g, penalty %g, shortest %zu\n",
              static_cast<unsigned long long>(arguments.seed), arguments.trials, 100 * kSd,
              arguments.options.alpha, arguments.options.penalty, arguments.options.shortest);
  std::printf("\nStationary noise: false points (required: at most 0.5 per 1,000)\n");
  std::printf("%-26s %6s %9s %6s %12s\n", "noise", "length", "points", "false", "per 1,000");
  for (const Noise& noise : kNoises) {
    for (const std::size_t n : {20u, 50u, 200u, 1000u}) FalsePoints(arguments, noise, n);
  }
  std::printf("\nThe same, looked at again after every commit: points ever shown\n");
  for (const Noise& noise : kNoises) FalsePointsWhileGrowing(arguments, noise, 120);
  std::printf("\nA step: found with 3, 5, 8, 20 commits after it, %% of series (required: 98 %%\n");
  std::printf("within 8 of +5 %% in independent noise), and how often the interval given with\n");
  std::printf("it at 8 contains the step\n");
  std::printf("%-26s %7s %6s %7s %7s %7s %7s %9s\n", "noise", "step", "before", "3", "5", "8", "20",
              "covered");
  for (const Noise& noise : kNoises) {
    for (const std::size_t before : {20u, 30u, 50u, 100u, 300u}) {
      Steps(arguments, noise, 0.05, before);
    }
  }
  for (const double step : {-0.05, 0.03, 0.1}) Steps(arguments, kNoises[0], step, 100);
}

template <class T>
bool Number(std::string_view text, T& value) {
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc{} && result.ptr == end;
}

int Usage(std::FILE* out) {
  std::fputs(
      "change_points [--trials N] [--seed N] [--alpha X] [--penalty X] [--shortest N]\n"
      "Prints false and found change points of synthetic histories; the same for the\n"
      "same arguments. --trials 1 to 100000, default 40: under a minute.\n",
      out);
  return out == stdout ? EXIT_SUCCESS : 2;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  auto& options = arguments.options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--help") return Usage(stdout);
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    const bool known = (name == "--trials" && Number(value, arguments.trials)) ||
                       (name == "--seed" && Number(value, arguments.seed)) ||
                       (name == "--alpha" && Number(value, options.alpha)) ||
                       (name == "--penalty" && Number(value, options.penalty)) ||
                       (name == "--shortest" && Number(value, options.shortest));
    if (!known) return Usage(stderr);
  }
  const bool sound = arguments.trials >= 1 && arguments.trials <= 100000 && options.alpha > 0 &&
                     options.alpha < 1 && options.penalty > 0 && options.shortest >= 2;
  if (!sound) return Usage(stderr);
  PrintTables(arguments);
  return EXIT_SUCCESS;
}
