// Two files of repetitions by the rules of other tools, and grades B and C.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "bench/regression/anchors.h"
#include "bench/regression/monte_carlo.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr int kRepetitions = 10;

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

}  // namespace

void PrintAnchors(int comparisons) {
  std::printf(
      "\nTwo files with %d repetitions each, %d comparisons a cell: REGRESSED, %%.\n"
      "%-40s %8s %8s %8s %8s\n",
      kRepetitions, comparisons, "rule", "same", "x 1.05", "x 1.5", "x 2");
  for (const AnchorRule& rule : AnchorRules()) {
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

}  // namespace assay::regression
