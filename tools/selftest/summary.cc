#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "tools/regression/decide/looks.h"
#include "tools/selftest/judge.h"
#include "tools/selftest/render.h"

namespace assay::selftest {
namespace {

constexpr std::size_t kColumns = 100;

std::string Format(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

// Continues on lines that are indented by `indent`.
void AddWrapped(const std::string& start, const std::vector<std::string>& words, std::size_t indent,
                std::vector<std::string>& lines) {
  std::string line = start;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    if (line.size() + 1 + word.size() > kColumns) {
      lines.push_back(line);
      line = std::string(indent - 1, ' ');
    }
    line += " " + word;
  }
  lines.push_back(line);
}

std::string PairsLine(const Report& report) {
  std::size_t pairs = 0;
  std::size_t different = 0;
  for (const SelfRow& row : report.rows) {
    pairs += row.pairs;
    different += row.pairs_different;
  }
  if (pairs == 0) return {};
  return "compare.py's rule (p < 0.05 over " + std::to_string(report.repetitions) +
         " repetitions) calls " +
         Format("%.0f", 100 * static_cast<double>(different) / static_cast<double>(pairs)) +
         " % of " + std::to_string(pairs) + " pairs of launches different";
}

void AddSensitivityLines(const Report& report, std::vector<std::string>& lines) {
  std::map<int, std::vector<std::string>> by_blocks;
  std::vector<std::string> never;
  std::size_t measured = 0;
  for (const SelfRow& row : report.rows) {
    if (row.trouble.empty()) ++measured;
    if (!row.sensitivity_known) continue;
    if (row.blocks_for_change) {
      by_blocks[*row.blocks_for_change].push_back(row.name);
    } else {
      never.push_back(row.name);
    }
  }
  if (by_blocks.empty() && never.empty()) return;
  lines.push_back("One row of " + std::to_string(measured) + " slower by " +
                  Format("%.1f %%", report.change * 100) + ": found with " +
                  Format("%.0f %%", report.power * 100) + " probability (tolerance " +
                  Format("%.1f %%", report.tolerance * 100) + ", blocks of " +
                  Format("%.2f s", report.block_seconds) + ")");
  for (const auto& [blocks, names] : by_blocks) {
    AddWrapped("  in " + std::to_string(blocks) + " blocks, " +
                   Format("%.0f s", blocks * report.block_seconds) + ":",
               names, 6, lines);
  }
  if (never.empty()) return;
  AddWrapped("  not within " + std::to_string(report.most_blocks) + " blocks:", never, 6, lines);
}

}  // namespace

std::string TimeText(double ns) {
  struct Unit {
    double ns;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{1e9, " s"}, {1e6, " ms"}, {1e3, " us"}, {1, " ns"}}};
  const auto unit =
      std::ranges::find_if(kUnits, [ns](const Unit& one) { return ns >= one.ns || one.ns == 1; });
  const double value = ns / unit->ns;
  return Format(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value) + unit->name;
}

std::vector<std::string> SummaryLines(const Report& report) {
  std::vector<std::string> lines;
  if (std::string pairs = PairsLine(report); !pairs.empty()) lines.push_back(std::move(pairs));
  AddSensitivityLines(report, lines);
  return lines;
}

std::string VerdictLine(const Report& report) {
  const std::vector<std::string> alarms = FalseAlarms(report);
  const auto measured =
      std::ranges::count_if(report.rows, [](const SelfRow& row) { return row.trouble.empty(); });
  if (alarms.empty()) {
    const std::size_t first = regression::kAlarmLooks.front().blocks;
    if (report.blocks < static_cast<int>(first)) {
      return "no verdict: " + std::to_string(report.blocks) + " of at least " +
             std::to_string(first) + " blocks; give it more --seconds";
    }
    return "no false alarm in " + std::to_string(measured) + " rows";
  }
  std::string line = "FALSE ALARM in " + std::to_string(alarms.size()) + " of " +
                     std::to_string(measured) + " rows:";
  for (const std::string& name : alarms) line += " " + name;
  return line;
}

}  // namespace assay::selftest
