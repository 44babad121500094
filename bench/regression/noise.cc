#include "bench/regression/noise.h"

namespace assay::regression {
namespace {

// Log-normal with sigma 0.6, whose skewness is 2.3.
double Skewed(Random& random) {
  constexpr double kSigma = 0.6;
  const double spread = std::exp(kSigma * kSigma / 2) * std::sqrt(std::expm1(kSigma * kSigma));
  return std::expm1(kSigma * random.Normal()) / spread;
}

// Of the block statistic itself, as if the noise were not that of processes swapped
// by a coin: the skewed kinds are what randomisation does not let happen, unless the
// noise of one binary is itself skewed against that of the other; standard deviation 1, median 0.
double BlockNoise(Noise noise, Random& random) {
  switch (noise) {
    case Noise::kLaplace: {
      const double u = random.Uniform() - 0.5;
      return std::copysign(std::log(1 - 2 * std::abs(u)), u) * -std::numbers::sqrt2 / 2;
    }
    case Noise::kT3: {
      const double normal = random.Normal();
      double squares = 0;
      for (int i = 0; i < 3; ++i) squares += std::pow(random.Normal(), 2);
      return normal / std::sqrt(squares);
    }
    case Noise::kSkew: return Skewed(random);
    case Noise::kSkewDown: return -Skewed(random);
    default: return random.Normal();
  }
}

// Of four processes in a row: slow modes 15 % apart that last 20 processes on
// average, autocorrelated noise, a neighbour that is there half of the time and
// costs 2 to 12 %, or skewed noise with a tail of slow processes. The coin of the block says which
// side of the difference is head.
double ProcessBlock(Noise noise, double sd, bool& switched, double& memory, Random& random) {
  std::array<double, 4> log_time{};
  for (double& value : log_time) {
    if (noise == Noise::kAr1) {
      memory = 0.5 * memory + std::sqrt(0.75) * sd * random.Normal();
      value = memory;
      continue;
    }
    value = sd * (noise == Noise::kTail ? Skewed(random) : random.Normal());
    if (noise == Noise::kTail) continue;
    if (random.Uniform() < (noise == Noise::kModes ? 0.05 : 0.15)) switched = !switched;
    if (switched) value += noise == Noise::kModes ? 0.15 : 0.02 + 0.10 * random.Uniform();
  }
  const double difference = (log_time[1] - log_time[0] + log_time[2] - log_time[3]) / 2;
  return random.Uniform() < 0.5 ? difference : -difference;
}

}  // namespace

Blocks MakeBlocks(Noise noise, double sd, double effect, Random& random) {
  Blocks blocks{};
  bool switched = random.Uniform() < 0.5;
  double memory = sd * random.Normal();
  for (double& block : blocks) {
    const double error = noise < Noise::kModes ? sd * BlockNoise(noise, random)
                                               : ProcessBlock(noise, sd, switched, memory, random);
    block = std::log1p(effect) + error;
  }
  return blocks;
}

double MeasuredSd(Noise noise, double sd) {
  Random random(7);
  double squares = 0;
  constexpr int kRuns = 500;
  for (int run = 0; run < kRuns; ++run) {
    for (const double block : MakeBlocks(noise, sd, 0, random)) squares += block * block;
  }
  return std::sqrt(squares / (kRuns * kBlocks));
}

}  // namespace assay::regression
