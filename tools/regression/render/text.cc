#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "tools/regression/render/render.h"

namespace assay::regression {
namespace {

// Decide() gives a change from zero a size that no other change has.
constexpr double kFromZero = 1e300;

constexpr std::array<Verdict, 7> kWorstFirst = {
    Verdict::kRegressed, Verdict::kNotComparable, Verdict::kMissing, Verdict::kInconclusive,
    Verdict::kImproved,  Verdict::kEquivalent,    Verdict::kNew};

std::string Format(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string ThreeDigits(double value) {
  const double size = std::fabs(value);
  if (size >= 1e10) return Format("%.2e", value);
  return Format(size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
}

int RankOf(Verdict verdict) {
  return static_cast<int>(std::ranges::find(kWorstFirst, verdict) - kWorstFirst.begin());
}

// What would let the undecided rows be decided.
std::string Advice(const Comparison& comparison) {
  Grade worst = Grade::kA;
  int blocks = 0;
  for (const Row& row : comparison.rows) {
    if (row.decision.verdict != Verdict::kInconclusive) continue;
    worst = std::max(worst, row.grade);
    blocks = std::max(blocks, row.decision.more_blocks.value_or(0));
  }
  switch (worst) {
    case Grade::kA:
      return blocks > 0 ? "about " + std::to_string(blocks) + " more blocks should decide them"
                        : "";
    case Grade::kB: return "more reports on each side, or two executables, should decide them";
    case Grade::kC:
    case Grade::kD:
      return "one report on each side rarely proves anything: give two executables (grade A) or "
             "five "
             "reports from five processes on each side (grade B)";
  }
  return {};
}

bool IsTime(const Row& row) { return row.metric == "real_time" || row.metric == "cpu_time"; }

}  // namespace

std::string NameText(const Row& row) {
  return IsTime(row) ? row.benchmark : row.benchmark + " [" + row.metric + "]";
}

std::string ValueText(const Row& row, double value) {
  if (!IsTime(row)) return ThreeDigits(value);
  struct Unit {
    double ns;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{1e9, " s"}, {1e6, " ms"}, {1e3, " us"}, {1, " ns"}}};
  for (const Unit& unit : kUnits) {
    if (value >= unit.ns || unit.ns == 1) return ThreeDigits(value / unit.ns) + unit.name;
  }
  return {};
}

std::string SideText(const Row& row, double value) {
  const Verdict verdict = row.decision.verdict;
  const bool both = verdict != Verdict::kMissing && verdict != Verdict::kNew &&
                    verdict != Verdict::kNotComparable;
  // Time takes time; of a counter, zero is a value like any other.
  const bool known = value > 0 || (both && !IsTime(row));
  return known ? ValueText(row, value) : "";
}

std::string ChangeText(const Row& row) {
  if (SideText(row, row.base).empty() || SideText(row, row.head).empty()) return "";
  return EffectText(row.decision.effect);
}

std::string EffectText(double effect) {
  if (effect >= kFromZero) return "from 0";
  if (effect >= 1) return "× " + ThreeDigits(1 + effect);
  return Format("%+.1f %%", effect * 100);
}

std::string IntervalText(const Row& row) {
  const double low = row.decision.low, high = row.decision.high;
  const bool known = row.base > 0 && row.head > 0 && row.grade != Grade::kD;
  if (!known || !std::isfinite(high) || !(low > -1 && low <= high)) return "";
  if (high >= 1) return EffectText(low) + " … " + EffectText(high);
  return Format("%+.1f", low * 100) + " … " + EffectText(high);
}

std::string MoreBlocksText(const Row& row) {
  if (row.decision.verdict != Verdict::kInconclusive || !row.decision.more_blocks) return "";
  return "≈ " + std::to_string(*row.decision.more_blocks) + " more blocks";
}

std::vector<Row> WorstFirst(std::vector<Row> rows) {
  const auto size = [](const Row& row) {
    // What is no number has no place in an order.
    return std::isnan(row.decision.effect) ? 0 : std::fabs(row.decision.effect);
  };
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    const int left = RankOf(a.decision.verdict), right = RankOf(b.decision.verdict);
    if (left != right) return left < right;
    return size(a) > size(b);
  });
  return rows;
}

std::vector<std::string> SummaryLines(const Comparison& comparison) {
  std::string counts;
  for (const Verdict verdict : kWorstFirst) {
    const auto found = comparison.counts.find(verdict);
    if (found == comparison.counts.end()) continue;
    counts += (counts.empty() ? "" : ", ") + std::to_string(found->second) + " " +
              std::string(ToString(verdict));
  }
  std::vector<std::string> lines = {counts.empty() ? "nothing to compare" : counts};
  if (comparison.matched > 0) {
    lines.push_back("geometric mean of the times: " + EffectText(comparison.geometric_mean) +
                    " over " + std::to_string(comparison.matched) + " matched");
  }
  if (comparison.counts.contains(Verdict::kInconclusive)) {
    if (const std::string advice = Advice(comparison); !advice.empty()) {
      lines.push_back("inconclusive: " + advice);
    }
  }
  return lines;
}

}  // namespace assay::regression
