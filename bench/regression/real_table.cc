#include "bench/regression/real_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>
#include <string>

#include "bench/regression/anchors.h"
#include "bench/regression/confidence_bound.h"
#include "bench/regression/replay.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr double kQuietSd = 0.02;

// A figure: how often replays end in `verdict`, and what is required of that.
struct Figure {
  const char* name;
  double extra;
  double tolerance;
  Verdict verdict;
  bool quiet;             // only where the block SD is at most 2 %
  double share;           // required; negative: nothing is
  bool at_least;          // else: at most
  std::size_t cases = 0;  // at least as many comparisons
  int blocks = 0;         // median at most; 0: nothing is required
};

constexpr Figure kFigures[] = {
    {"A/A: false REGRESSED", 0, 0.03, Verdict::kRegressed, false, 0, false, 2000},
    {"A/A: false IMPROVED", 0, 0.03, Verdict::kImproved, false, -1, false},
    {"A/A: INCONCLUSIVE", 0, 0.03, Verdict::kInconclusive, true, 0.03, false},
    {"A/A: INCONCLUSIVE", 0, 0.03, Verdict::kInconclusive, false, -1, false},
    {"+10 %: found", 0.10, 0.03, Verdict::kRegressed, false, 0.995, true, 0, 14},
    {"+10 %: found", 0.10, 0.03, Verdict::kRegressed, true, 0.995, true, 0, 14},
    {"+5 %: found", 0.05, 0.03, Verdict::kRegressed, true, 0.95, true},
    {"+5 %: found", 0.05, 0.03, Verdict::kRegressed, false, -1, true},
    {"+5 %: found", 0.05, 0.02, Verdict::kRegressed, true, 0.95, true},
    {"+5 %: found", 0.05, 0.02, Verdict::kRegressed, false, -1, true},
    {"+6 %: false EQUIVALENT", 0.06, 0.03, Verdict::kEquivalent, false, 0.001, false},
    {"x2: found", 1, 0.03, Verdict::kRegressed, false, 1, true},
};

struct Count {
  std::size_t cases = 0;
  std::size_t count = 0;
  std::vector<int> blocks{};  // of those counted

  double Share() const { return static_cast<double>(count) / static_cast<double>(cases); }
};

Count CountVerdicts(const std::vector<Round>& rounds, const Figure& figure) {
  Count count;
  for (const Round& round : rounds) {
    for (const auto& [name, result] : Replay(round.values, figure.tolerance)) {
      if (figure.quiet && StandardDeviation(round.values.at(name)) > kQuietSd) continue;
      ++count.cases;
      if (result.verdict != figure.verdict) continue;
      ++count.count;
      count.blocks.push_back(result.blocks);
    }
  }
  std::ranges::sort(count.blocks);
  return count;
}

// "met", or why not; nothing where nothing is required.
const char* Met(const Figure& figure, const Count& count, int median) {
  if (figure.share < 0) return "";
  const bool good = figure.at_least ? count.Share() >= figure.share : count.Share() <= figure.share;
  if (!good || (figure.blocks > 0 && median > figure.blocks)) return "NOT MET";
  return count.cases < figure.cases ? "too few" : "met";
}

std::string RequiredText(const Figure& figure) {
  if (figure.share < 0) return "-";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s %.4g %%",
                figure.at_least ? ">=" : "<=", 100 * figure.share);
  std::string required = text.data();
  if (figure.blocks > 0) required += ", " + std::to_string(figure.blocks) + " blocks";
  if (figure.cases > 0) required += " of >= " + std::to_string(figure.cases);
  return required;
}

void PrintHead() {
  std::printf("%-28s %4s %-8s %7s %6s %9s %10s %6s  %-20s\n", "", "tol", "where", "compar.",
              "count", "share", "95 % bound", "blocks", "required");
}

// False where a requirement is not met.
bool PrintFigure(const Figure& figure, const Count& count) {
  if (count.cases == 0) return true;
  const int median = count.blocks.empty() ? 0 : count.blocks[count.blocks.size() / 2];
  const double bound = figure.at_least ? LowerBoundOfShare(count.count, count.cases)
                                       : UpperBoundOfShare(count.count, count.cases);
  const char* const met = Met(figure, count, median);
  std::printf("%-28s %2.0f %% %-8s %7zu %6zu %7.3f %% %s%6.3f %% ", figure.name,
              100 * figure.tolerance, figure.quiet ? "SD <= 2%" : "all", count.cases, count.count,
              100 * count.Share(), figure.at_least ? ">=" : "<=", 100 * bound);
  std::printf("%6s  %-20s %s\n", median > 0 ? std::to_string(median).c_str() : "-",
              RequiredText(figure).c_str(), met);
  return met[0] != 'N';
}

// --- Pairs of files
// -------------------------------------------------------------------------------

std::vector<const TraceReport*> ReportsOf(const Traces& traces, double extra) {
  std::vector<const TraceReport*> reports;
  for (const TraceReport& report : traces.reports) {
    if (report.extra == extra) reports.push_back(&report);
  }
  return reports;
}

void AddPairs(const TraceReport& base, const TraceReport& head, std::vector<Files>& pairs) {
  for (const auto& [name, times] : base.ns) {
    const auto other = head.ns.find(name);
    if (other != head.ns.end()) pairs.push_back({times, other->second});
  }
}

std::vector<Files> Neighbours(const Traces& traces) {
  const auto reports = ReportsOf(traces, 0);
  std::vector<Files> pairs;
  for (std::size_t i = 1; i < reports.size(); ++i) AddPairs(*reports[i - 1], *reports[i], pairs);
  return pairs;
}

std::vector<Files> AllPairs(const Traces& traces) {
  const auto reports = ReportsOf(traces, 0);
  std::vector<Files> pairs;
  for (const TraceReport* base : reports) {
    for (const TraceReport* head : reports) {
      if (base != head) AddPairs(*base, *head, pairs);
    }
  }
  return pairs;
}

std::vector<Files> TwiceAsSlow(const Traces& traces) {
  const auto base = ReportsOf(traces, 0);
  const auto head = ReportsOf(traces, 1);
  std::vector<Files> pairs;
  for (std::size_t i = 0; i < std::min(base.size(), head.size()); ++i) {
    AddPairs(*base[i], *head[i], pairs);
  }
  return pairs;
}

Count CountRegressed(const AnchorRule& rule, const std::vector<Files>& pairs) {
  Count count;
  count.cases = pairs.size();
  count.count = static_cast<std::size_t>(std::ranges::count_if(pairs, rule.regressed));
  return count;
}

bool PrintFileFigures(const Traces& traces) {
  const AnchorRule& grade_c = AnchorRules().back();
  constexpr Figure kFalse{
      "two files A/A, neighbours", 0, 0.03, Verdict::kRegressed, false, 0.001, false};
  constexpr Figure kFalseAnywhere{
      "two files A/A, any two", 0, 0.03, Verdict::kRegressed, false, 0.001, false};
  constexpr Figure kTrue{"two files x2: found", 1, 0.03, Verdict::kRegressed, false, 1, true};
  bool met = PrintFigure(kFalse, CountRegressed(grade_c, Neighbours(traces)));
  met &= PrintFigure(kFalseAnywhere, CountRegressed(grade_c, AllPairs(traces)));
  return PrintFigure(kTrue, CountRegressed(grade_c, TwiceAsSlow(traces))) && met;
}

// --- The rules of other tools
// ---------------------------------------------------------------------

struct Column {
  std::string name;
  std::vector<Files> pairs{};
};

std::vector<Column> Columns(const Traces& traces) {
  std::vector<Column> columns{{"files A/A", Neighbours(traces)},
                              {"any A/A", AllPairs(traces)},
                              {"files x2", TwiceAsSlow(traces)}};
  for (const auto& [name, extra] :
       {std::pair{"A/A", 0.0}, std::pair{"+5 %", 0.05}, std::pair{"+10 %", 0.10}}) {
    Column first{std::string(name) + " 1st"};
    Column all{std::string(name) + " all"};
    for (const Round& round : RoundsOf(traces, extra)) {
      for (const auto& [row, files] : round.first) first.pairs.push_back(files);
      for (const auto& [row, files] : round.all) all.pairs.push_back(files);
    }
    columns.push_back(std::move(first));
    columns.push_back(std::move(all));
  }
  std::erase_if(columns, [](const Column& column) { return column.pairs.empty(); });
  return columns;
}

std::set<double> Extras(const Traces& traces) {
  std::set<double> extras;
  for (const TraceBlock& block : traces.blocks) extras.insert(block.extra);
  return extras;
}

}  // namespace

bool PrintFigures(const Traces& traces) {
  std::printf("\nassay on recorded data\n");
  PrintHead();
  bool met = PrintFileFigures(traces);
  for (const Figure& figure : kFigures) {
    met &= PrintFigure(figure, CountVerdicts(RoundsOf(traces, figure.extra), figure));
  }
  std::printf(
      "SD: of the comparison's own blocks, all that were recorded. Bounds as if comparisons were\n"
      "independent of each other. Found means REGRESSED within the blocks recorded.\n");
  return met;
}

void PrintAnchorRules(const Traces& traces) {
  const std::vector<Column> columns = Columns(traces);
  std::printf("\nREGRESSED by the rules of other tools on the same data, %% of comparisons\n%-38s",
              "");
  for (const Column& column : columns) std::printf(" %9s", column.name.c_str());
  std::printf("\n%-38s", "comparisons");
  for (const Column& column : columns) std::printf(" %9zu", column.pairs.size());
  for (const AnchorRule& rule : AnchorRules()) {
    std::printf("\n%-38s", rule.name);
    for (const Column& column : columns) {
      std::printf(" %9.3f", 100 * CountRegressed(rule, column.pairs).Share());
    }
  }
  std::printf(
      "\nfiles: two reports of one launch with ten repetitions each, recorded one after the "
      "other;\n"
      "any: any two of them. 1st: the first launch of each side, a few repetitions (with three, "
      "no\n"
      "U test can reach 0.05); all: the repetitions of all launches of a round, interleaved.\n");
}

void PrintRows(const Traces& traces) {
  const std::set<double> extras = Extras(traces);
  std::map<std::string, std::map<double, std::vector<double>>> effects;
  std::map<std::string, std::vector<double>> spreads;
  for (const double extra : extras) {
    for (const Round& round : RoundsOf(traces, extra)) {
      for (const auto& [name, blocks] : round.values) {
        auto& all = effects[name][extra];
        all.insert(all.end(), blocks.begin(), blocks.end());
        if (extra == 0) spreads[name].push_back(StandardDeviation(blocks));
      }
    }
  }
  std::printf(
      "\nBy row, %%: median SD of an A/A block, then the median change for each extra work\n");
  std::printf("%-20s %7s", "", "SD");
  for (const double extra : extras) std::printf(" %+7.0f", 100 * extra);
  std::printf("\n");
  for (const auto& [name, by_extra] : effects) {
    std::printf("%-20s %7.2f", name.c_str(), 100 * Median(spreads[name]));
    for (const auto& [extra, values] : by_extra) {
      std::printf(" %7.2f", 100 * std::expm1(Median(values)));
    }
    std::printf("\n");
  }
}

}  // namespace assay::regression
