// Synthetic block values: nine kinds of noise, the same for the same key.
#ifndef ASSAY_BENCH_REGRESSION_NOISE_H_
#define ASSAY_BENCH_REGRESSION_NOISE_H_

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "assay/core/hash.h"

namespace assay::regression {

inline constexpr int kBlocks = 32;
inline constexpr std::uint64_t kSeed = 20260823;

class Random {
 public:
  explicit Random(std::uint64_t key) : key_(key) {}
  double Uniform() { return UnitInterval(Draw(kSeed, "monte_carlo", key_, next_++)) + 0x1p-54; }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(2 * std::numbers::pi * Uniform());
  }

 private:
  std::uint64_t key_;
  std::uint64_t next_ = 0;
};

enum class Noise : std::uint8_t {
  kNormal,
  kLaplace,
  kT3,
  kSkew,
  kSkewDown,
  kModes,
  kAr1,
  kLoad,
  kTail
};
inline constexpr std::array<const char*, 9> kNoiseNames{
    "normal", "laplace", "t3", "skewed up", "skewed dn", "modes", "ar(1)", "load", "tail"};

// log(head / base) of each block, in the order of time.
using Blocks = std::array<double, kBlocks>;

// Blocks of a change by `effect` (0.1: 10 % slower). `sd` is that of a process for the kinds from
// kModes on, else that of a block.
Blocks MakeBlocks(Noise noise, double sd, double effect, Random& random);

// The standard deviation of a block that `sd` leads to.
double MeasuredSd(Noise noise, double sd);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_NOISE_H_
