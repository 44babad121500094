// Chooses the engine of tools/regression/decide and keeps the choice honest: size,
// power and cost of several engines, and of the rules of other tools, on the same
// synthetic data. Run with --help for what it prints.
#include <algorithm>
#include <array>
#include <boost/math/special_functions/beta.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/decide/looks.h"
#include "tools/regression/decide/rank_tails.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr int kBlocks = 32;
constexpr int kFamily = 50;  // benchmarks; one of them differs, which is the hardest case
constexpr double kAlpha = 0.05;
constexpr std::uint64_t kSeed = 20260823;

// --- Noise ------------------------------------------------------------------------------------

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
constexpr std::array<const char*, 9> kNoiseNames{
    "normal", "laplace", "t3", "skewed up", "skewed dn", "modes", "ar(1)", "load", "tail"};

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

using Blocks = std::array<double, kBlocks>;

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

Blocks Negated(Blocks blocks) {
  for (double& block : blocks) block = -block;
  return blocks;
}

// --- Engines: an anytime-valid p-value of "centre <= margin" after each block
// ---------------------

using Path = std::array<double, kBlocks>;
using Engine = Path (*)(const Blocks&, double margin);

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

struct NamedEngine {
  const char* name;
  Engine alarm;
  Engine interval;
};
constexpr std::array kEngines{
    NamedEngine{"sign mixture", SignMixture, SignMixture},
    NamedEngine{"symmetric bets", SymmetricBets, SymmetricBets},
    NamedEngine{"sequential t", SequentialT, SequentialT},
    NamedEngine{"signed rank*", SignedRank<kAlarmLooks>, SignedRank<kIntervalLooks>},
};

// --- What one comparison comes to ---------------------------------------------------------------

struct Outcome {
  Verdict verdict = Verdict::kInconclusive;
  int blocks = kBlocks;
};

// The rule of decide.cc for one benchmark among kFamily, the others without a change.
Outcome Compare(const NamedEngine& engine, const Blocks& blocks, double tolerance) {
  const double margin = std::log1p(tolerance);
  const Blocks mirror = Negated(blocks);
  const Path regressed = engine.alarm(blocks, margin);
  const Path improved = engine.alarm(mirror, margin);
  const Path above = engine.interval(blocks, -margin);
  const Path below = engine.interval(mirror, -margin);
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const int n = static_cast<int>(i) + 1;
    if (regressed[i] <= kAlpha / kFamily) return {Verdict::kRegressed, n};
    if (improved[i] <= kAlpha / kFamily) return {Verdict::kImproved, n};
    if (regressed[i] <= kAlpha || improved[i] <= kAlpha) continue;
    if (std::max(above[i], below[i]) <= kAlpha / 2) return {Verdict::kEquivalent, n};
  }
  return {};
}

struct Tally {
  int regressed = 0;
  int equivalent = 0;
  int open = 0;
  std::vector<int> found_after{};  // REGRESSED; never is more than any number
  std::vector<int> decided_after{};
};

int MiddleOf(std::vector<int>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Tally Repeat(const NamedEngine& engine, Noise noise, double sd, double tolerance, double effect,
             int trials) {
  Tally tally;
  // The same data for every engine.
  Random random(static_cast<std::uint64_t>(noise) * 1000 + static_cast<std::uint64_t>(sd * 1e4) +
                static_cast<std::uint64_t>(effect * 1e6));
  for (int trial = 0; trial < trials; ++trial) {
    const Outcome outcome = Compare(engine, MakeBlocks(noise, sd, effect, random), tolerance);
    const bool regressed = outcome.verdict == Verdict::kRegressed;
    const bool open = outcome.verdict == Verdict::kInconclusive;
    tally.regressed += regressed;
    tally.equivalent += outcome.verdict == Verdict::kEquivalent;
    tally.open += open;
    tally.found_after.push_back(regressed ? outcome.blocks : kBlocks + 1);
    tally.decided_after.push_back(open ? kBlocks + 1 : outcome.blocks);
  }
  return tally;
}

// --- Tables -------------------------------------------------------------------------------------

const char* BlocksText(int blocks) {
  static std::array<char, 16> text;
  if (blocks > kBlocks) return ">32";
  std::snprintf(text.data(), text.size(), "%d", blocks);
  return text.data();
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

void PrintRow(const NamedEngine& engine, Noise noise, double sd, int trials) {
  const auto percent = [trials](int count) { return 100.0 * count / trials; };
  std::printf("%-14s %-9s %4.1f %4.1f", engine.name, kNoiseNames[static_cast<std::size_t>(noise)],
              100 * sd, 100 * MeasuredSd(noise, sd));
  Tally same = Repeat(engine, noise, sd, 0.03, 0, trials);
  std::printf(" | %5.2f %6.2f %3s", percent(same.regressed), percent(same.open),
              BlocksText(MiddleOf(same.decided_after)));
  const Tally edge = Repeat(engine, noise, sd, 0.03, 0.03, trials);
  std::printf(" | %5.2f %5.2f", percent(edge.regressed), percent(edge.equivalent));
  std::printf(" | %5.2f", percent(Repeat(engine, noise, sd, 0.03, 0.06, trials).equivalent));
  for (const auto& [tolerance, effect] :
       {std::pair{0.03, 0.10}, std::pair{0.03, 0.05}, std::pair{0.02, 0.05}}) {
    Tally tally = Repeat(engine, noise, sd, tolerance, effect, trials);
    std::printf(" | %6.2f %3s", percent(tally.regressed), BlocksText(MiddleOf(tally.found_after)));
  }
  std::printf("\n");
}

void PrintEngines(int trials) {
  std::printf(
      "Engines: one benchmark among %d (p <= %.3f), interval 95 %%, at most %d blocks; %d runs a "
      "cell, seed %llu.\n"
      "SD: asked for and measured, of a block, %%. Shares in %%; med: median blocks. * in use.\n\n"
      "%-14s %-9s %9s | %-16s | %-11s | %-5s | %-10s | %-10s | %-10s\n"
      "%-14s %-9s %9s | %5s %6s %3s | %5s %5s | %5s | %6s %3s | %6s %3s | %6s %3s\n",
      kFamily, kAlpha / kFamily, kBlocks, trials, static_cast<unsigned long long>(kSeed), "", "",
      "SD", "same, tol 3", "+3, tol 3", "+6", "+10, tol 3", "+5, tol 3", "+5, tol 2", "engine",
      "noise", "", "REGR", "open", "med", "REGR", "EQUAL", "EQUAL", "REGR", "med", "REGR", "med",
      "REGR", "med");
  for (const double sd : {0.005, 0.01, 0.02, 0.03, 0.05}) {
    for (std::size_t noise = 0; noise < kNoiseNames.size(); ++noise) {
      for (const NamedEngine& engine : kEngines) {
        PrintRow(engine, static_cast<Noise>(noise), sd, trials);
      }
    }
  }
}

// --- The rules of other tools, and grades B and C ------------------------------------------------

constexpr int kRepetitions = 10;

struct Files {
  std::vector<double> base{};
  std::vector<double> head{};
};

// Two files of repetitions. The level of a process varies with heavy tails, fitted to
// what is seen between two files of the same binary on shared machines: p < 0.05 in
// half of the comparisons, medians more than 5 % apart in 18 %, by up to x 1.2 at the
// 99th percentile and x 1.5 at the 99.9th.
Files TwoFiles(double ratio, Random& random) {
  const auto level = [&random] {
    const double rare = random.Uniform();
    return (rare < 0.0015 ? 0.35 : rare < 0.024 ? 0.13 : 0.025) * random.Normal();
  };
  constexpr double kWithin = 0.025;
  Files files;
  const double base = level();
  const double head = level() + std::log(ratio);
  for (int i = 0; i < kRepetitions; ++i) {
    files.base.push_back(std::exp(base + kWithin * random.Normal()));
    files.head.push_back(std::exp(head + kWithin * random.Normal()));
  }
  return files;
}

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double RankP(const Files& files) {  // two-sided
  static TailCache tails;
  const TwoSamples samples(Logarithms(files.base), Logarithms(files.head), tails);
  return 2 * std::min(samples.PAbove(0), samples.PBelow(0));
}

bool CompareDiffers(const Files& files) { return RankP(files) < 0.05; }

bool CompareRegressed(const Files& files) {  // compare.py: U test, p < 0.05, and slower
  return RankP(files) < 0.05 && Median(files.head) > Median(files.base);
}

bool AsvRegressed(const Files& files) {
  return RankP(files) < 0.002 && Median(files.head) > 1.1 * Median(files.base);
}

bool RatioRegressed(const Files& files) { return Mean(files.head) > 1.05 * Mean(files.base); }

// Like criterion: t statistic against its own distribution under pooling (here
// Student's by its quantile at 18 degrees of freedom), interval beyond ±1 %.
bool CriterionLikeRegressed(const Files& files) {
  const auto variance = [](std::span<const double> values) {
    const double mean = Mean(values);
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
  };
  constexpr double kQuantile = 2.101;
  const double error = std::sqrt((variance(files.base) + variance(files.head)) / kRepetitions);
  const double difference = Mean(files.head) - Mean(files.base);
  return difference > kQuantile * error && difference - kQuantile * error > 0.01 * Mean(files.base);
}

bool AssayRegressed(const Files& files) {
  std::vector<Evidence> evidence(1);
  evidence[0].grade = Grade::kC;
  evidence[0].base = files.base;
  evidence[0].head = files.head;
  return Decide(evidence, {})[0].verdict == Verdict::kRegressed;
}

void PrintAnchors(int comparisons) {
  struct Rule {
    const char* name;
    bool (*regressed)(const Files&);
  };
  constexpr std::array kRules{
      Rule{"compare.py: U test p < 0.05", CompareDiffers},
      Rule{"compare.py: U test p < 0.05, slower", CompareRegressed},
      Rule{"criterion-like: t p < 0.05, beyond 1 %", CriterionLikeRegressed},
      Rule{"asv: U test p < 0.002, ratio > 1.1", AsvRegressed},
      Rule{"plain ratio of means > 1.05", RatioRegressed},
      Rule{"assay, grade C", AssayRegressed}};
  std::printf(
      "\nTwo files with %d repetitions each, %d comparisons a cell: REGRESSED, %%.\n"
      "%-40s %8s %8s %8s %8s\n",
      kRepetitions, comparisons, "rule", "same", "x 1.05", "x 1.5", "x 2");
  for (const Rule& rule : kRules) {
    std::printf("%-40s", rule.name);
    for (const double ratio : {1.0, 1.05, 1.5, 2.0}) {
      Random random(static_cast<std::uint64_t>(ratio * 1000));
      int count = 0;
      for (int i = 0; i < comparisons; ++i) count += rule.regressed(TwoFiles(ratio, random));
      std::printf(" %8.3f", 100.0 * count / comparisons);
    }
    std::printf("\n");
  }
  Random random(1000);
  std::vector<double> apart;
  for (int i = 0; i < comparisons; ++i) {
    const Files files = TwoFiles(1, random);
    apart.push_back(std::abs(std::log(Median(files.head) / Median(files.base))));
  }
  std::sort(apart.begin(), apart.end());
  const auto at = [&apart](double share) {
    return std::exp(apart[static_cast<std::size_t>(share * static_cast<double>(apart.size() - 1))]);
  };
  std::printf("medians of the same binary differ by x %.2f at p99, x %.2f at p99.9\n", at(0.99),
              at(0.999));
}

// Files of one process each: grade B.
void PrintGradeB(int trials) {
  std::printf(
      "\nGrade B, normal noise, tolerance 3 %%, one benchmark alone, %d runs a cell, %%.\n"
      "%5s %6s %6s | %9s %9s | %9s | %9s | %9s\n",
      trials, "files", "SD b", "SD h", "same EQ", "same REG", "+3 REGR", "+6 EQUAL", "+10 REGR");
  for (const int n : {5, 10, 20}) {
    for (const double head_sd : {0.01, 0.03}) {
      const auto share = [&](double effect, Verdict verdict) {
        Random random(static_cast<std::uint64_t>(n));
        int count = 0;
        for (int trial = 0; trial < trials; ++trial) {
          std::vector<Evidence> evidence(1);
          evidence[0].grade = Grade::kB;
          for (int i = 0; i < n; ++i) {
            evidence[0].base.push_back(std::exp(0.01 * random.Normal()));
            evidence[0].head.push_back((1 + effect) * std::exp(head_sd * random.Normal()));
          }
          count += Decide(evidence, {})[0].verdict == verdict;
        }
        return 100.0 * count / trials;
      };
      std::printf("%5d %6.1f %6.1f | %9.2f %9.2f | %9.2f | %9.2f | %9.2f\n", n, 1.0, 100 * head_sd,
                  share(0, Verdict::kEquivalent), share(0, Verdict::kRegressed),
                  share(0.03, Verdict::kRegressed), share(0.06, Verdict::kEquivalent),
                  share(0.10, Verdict::kRegressed));
    }
  }
}

// --- What was asked for, by the real Decide ------------------------------------------------------

// Block after block, as a run does it; only the counts at which something is looked
// at are tried. The 49 others have no blocks, which is as hard as no change.
Outcome DecideAsBlocksArrive(const Blocks& blocks, double tolerance) {
  std::vector<Evidence> family(kFamily);
  for (Evidence& item : family) item.grade = Grade::kA;
  family[0].tolerance = tolerance;
  for (int n = 1; n <= kBlocks; ++n) {
    const auto is_look = [n](const Look& look) { return look.blocks == static_cast<unsigned>(n); };
    if (std::none_of(kAlarmLooks.begin(), kAlarmLooks.end(), is_look) &&
        std::none_of(kIntervalLooks.begin(), kIntervalLooks.end(), is_look)) {
      continue;
    }
    family[0].blocks.assign(blocks.begin(), blocks.begin() + n);
    const Verdict verdict = Decide(family, {})[0].verdict;
    if (verdict != Verdict::kInconclusive) return {verdict, n};
  }
  return {};
}

void PrintRequired(Noise noise, double sd, int trials) {
  struct Row {
    double tolerance;
    double effect;
    Verdict counted;
    const char* asked;
  };
  constexpr std::array kRows{Row{0.03, 0, Verdict::kRegressed, "0"},
                             Row{0.03, 0, Verdict::kInconclusive, "<= 3"},
                             Row{0.03, 0.03, Verdict::kRegressed, "<= 0.1 (alpha / 50)"},
                             Row{0.03, 0.06, Verdict::kEquivalent, "<= 0.1"},
                             Row{0.03, 0.10, Verdict::kRegressed, ">= 99.5, median <= 14"},
                             Row{0.03, 0.05, Verdict::kRegressed, ">= 95"},
                             Row{0.02, 0.05, Verdict::kRegressed, ">= 95"}};
  for (const Row& row : kRows) {
    Random random(static_cast<std::uint64_t>(noise) + 77);
    int count = 0;
    std::vector<int> after;
    for (int trial = 0; trial < trials; ++trial) {
      const Outcome outcome =
          DecideAsBlocksArrive(MakeBlocks(noise, sd, row.effect, random), row.tolerance);
      count += outcome.verdict == row.counted;
      after.push_back(outcome.verdict == row.counted ? outcome.blocks : kBlocks + 1);
    }
    std::printf("%-9s %4.1f %4.1f | %+4.0f %% %3.0f %% | %-12s %7.3f %3s | %s\n",
                kNoiseNames[static_cast<std::size_t>(noise)], 100 * sd, 100 * MeasuredSd(noise, sd),
                100 * row.effect, 100 * row.tolerance, ToString(row.counted).data(),
                100.0 * count / trials, 2 * count > trials ? BlocksText(MiddleOf(after)) : "",
                row.asked);
  }
}

void PrintRequirements(int trials) {
  std::printf(
      "\nWhat is required, by Decide itself after every block: one of %d benchmarks, %d runs a "
      "row.\n%-9s %9s | %-12s | %-24s | required\n%-9s %9s | %6s %5s | %-12s %7s %3s |\n",
      kFamily, trials, "noise", "SD, %", "change, tol", "share, %", "", "", "", "", "", "", "med");
  PrintRequired(Noise::kNormal, 0.02, trials);
  PrintRequired(Noise::kLaplace, 0.02, trials);
  PrintRequired(Noise::kTail, 0.02, trials);
  PrintRequired(Noise::kLoad, 0.005, trials);
}

void PrintCost() {
  std::vector<Evidence> evidence(kFamily);
  Random random(3);
  for (Evidence& item : evidence) {
    item.grade = Grade::kA;
    const Blocks blocks = MakeBlocks(Noise::kNormal, 0.05, 0.03, random);
    item.blocks.assign(blocks.begin(), blocks.end());
  }
  const auto start = std::chrono::steady_clock::now();
  constexpr int kCalls = 20;
  double sum = 0;
  for (int i = 0; i < kCalls; ++i) sum += Decide(evidence, {})[0].effect;
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  std::printf("\nDecide: %d benchmarks x %d blocks in %.2f ms%s\n", kFamily, kBlocks,
              spent.count() / kCalls, std::isfinite(sum) ? "" : " (not finite)");
}

int Main(std::span<char*> arguments) {
  int trials = 500;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--trials" && i + 1 < arguments.size()) {
      trials = std::atoi(arguments[++i]);
    } else {
      std::printf(
          "usage: monte_carlo [--trials N]   (default 500, about half a minute)\n"
          "Prints the size, power and cost of decision engines for interleaved blocks, what\n"
          "the decisions of assay reach, the rules of other tools on two files of\n"
          "repetitions, and grade B. The seed is fixed: equal output for equal N.\n");
      return argument == "--help" ? 0 : 2;
    }
  }
  if (trials < 1) {
    std::fprintf(stderr, "--trials: a number above 0\n");
    return 2;
  }
  PrintEngines(trials);
  PrintRequirements(trials);
  PrintAnchors(20 * trials);
  PrintGradeB(trials);
  PrintCost();
  return 0;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** arguments) {
  return assay::regression::Main({arguments, static_cast<std::size_t>(count)});
}
