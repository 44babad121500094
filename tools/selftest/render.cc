#include "tools/selftest/render.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "tools/selftest/judge.h"

namespace assay::selftest {
namespace {

using regression::Verdict;

constexpr std::size_t kCells = 7;
using Cells = std::array<std::string, kCells>;

std::string Percent(const char* format, double share) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, share * 100);
  return text.data();
}

std::string Padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string PaddedLeft(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string ClockText(const Report& report) {
  const ClockSteps& steps = report.clock;
  return "clock    smallest step " +
         (steps.smallest_ns ? TimeText(*steps.smallest_ns) : "not seen: it stands still") +
         ", a read costs " + TimeText(report.clock_read_ns) + ", " +
         (steps.backwards == 0 ? "never" : std::to_string(steps.backwards) + " times") +
         " backwards in " + std::to_string(steps.reads) + " reads\n";
}

std::string WakeupText(const Report& report) {
  std::string text = "wake-up  how late" + PaddedLeft("p50", 25) + PaddedLeft("p99", 11) +
                     PaddedLeft("max", 11) + "\n";
  for (const Wakeup& row : report.wakeups) {
    text += "  " + Padded(row.name, 30) + PaddedLeft(TimeText(row.late.p50_ns), 10);
    for (const double ns : {row.late.p99_ns, row.late.max_ns}) text += PaddedLeft(TimeText(ns), 11);
    text += "\n";
  }
  return text;
}

std::string FloorText(const Report& report) {
  std::string text =
      "floor    one operation" + PaddedLeft("lowest", 20) + PaddedLeft("median", 11) + "\n";
  for (const FloorRow& row : report.floor) {
    text += "  " + Padded(row.name, 30) + PaddedLeft(TimeText(row.lowest_ns), 10) +
            PaddedLeft(TimeText(row.median_ns), 11) + "\n";
  }
  return text;
}

std::string IntervalText(const regression::Decision& decision) {
  if (std::isinf(decision.high) || decision.low <= -1) return "unknown";
  if (decision.high >= 1) {  // wide, and of no use to the last digit
    return Percent("%+.0f", decision.low) + " to " + Percent("%+.0f %%", decision.high);
  }
  return Percent("%+.1f", decision.low) + " to " + Percent("%+.1f %%", decision.high);
}

Cells CellsOf(const SelfRow& row) {
  if (!row.trouble.empty()) return {row.name, "not measured: " + row.trouble, "", "", "", "", ""};
  const std::string pairs = std::to_string(row.pairs_different) + "/" + std::to_string(row.pairs);
  const std::string detects =
      row.detects ? Percent("%+.1f %%", std::ceil(*row.detects * 1000) / 1000) : "nothing";
  return {row.name,
          TimeText(row.median_ns),
          row.block_sd ? Percent("%.1f %%", *row.block_sd) : "unknown",
          std::string(ToString(row.decision.verdict)),
          IntervalText(row.decision),
          pairs,
          row.sensitivity_known ? detects : "unknown"};
}

const char* ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRegressed:
    case Verdict::kImproved: return "\x1b[31m";  // both are wrong here
    case Verdict::kInconclusive: return "\x1b[33m";
    case Verdict::kEquivalent: return "\x1b[2m";
    default: return "";
  }
}

std::string TableLine(const Cells& cells) {
  constexpr std::array<std::size_t, kCells> kWidths = {18, 10, 10, 14, 18, 9, 10};
  std::string line = "  " + Padded(cells[0], kWidths[0]);
  if (cells[1].starts_with("not measured")) return (line + " " + cells[1]).substr(0, 100);
  for (std::size_t i = 1; i < kCells; ++i) {
    // The verdict is a word, all others are numbers.
    line += i == 3 ? "  " + Padded(cells[i], kWidths[i] - 2) : PaddedLeft(cells[i], kWidths[i]);
  }
  return line;
}

std::string TableText(const Report& report, bool colour) {
  std::array<char, 160> title{};
  std::snprintf(title.data(), title.size(),
                "A/A      assay against itself: %d blocks of %.2f s, tolerance %.1f %%\n",
                report.blocks, report.block_seconds, report.tolerance * 100);
  std::string text = title.data();
  text += TableLine({"row", "median", "block SD", "verdict", "interval", "pairs", "detects"});
  text += "\n";
  for (const SelfRow& row : report.rows) {
    const char* paint = colour ? ColourOf(row.decision.verdict) : "";
    text += paint + TableLine(CellsOf(row)) + (*paint != '\0' ? "\x1b[0m" : "") + "\n";
  }
  text +=
      "  pairs: of launches that compare.py's rule calls different. detects: the smallest\n"
      "  slow-down that " +
      std::to_string(report.planned_blocks) + " blocks find with " +
      Percent("%.0f %%", report.power) + " probability, as one row of these.\n";
  return text;
}

}  // namespace

std::string RenderTerminal(const Report& report, bool colour) {
  std::string text = ClockText(report) + "\n" + WakeupText(report) + "\n" + FloorText(report) +
                     "\n" + TableText(report, colour) + "\n";
  for (const std::string& line : SummaryLines(report)) text += line + "\n";
  for (const std::string& line : report.warnings) text += "warning: " + line + "\n";
  const bool alarm = !FalseAlarms(report).empty();
  const char* paint = colour ? (alarm ? "\x1b[31m" : "\x1b[32m") : "";
  return text + paint + VerdictLine(report) + (*paint != '\0' ? "\x1b[0m" : "") + "\n";
}

}  // namespace assay::selftest
