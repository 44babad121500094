// Size, power and cost of the engines on the same data.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "bench/regression/engines.h"
#include "bench/regression/monte_carlo.h"

namespace assay::regression {
namespace {

Blocks Negated(Blocks blocks) {
  for (double& block : blocks) block = -block;
  return blocks;
}

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

}  // namespace

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
      for (const NamedEngine& engine : Engines()) {
        PrintRow(engine, static_cast<Noise>(noise), sd, trials);
      }
    }
  }
}

}  // namespace assay::regression
