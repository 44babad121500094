// assay compare BASE HEAD: did it get slower?
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <regex>

#include "tools/assay/commands.h"
#include "tools/assay/interleave.h"
#include "tools/assay/output.h"
#include "tools/regression/compare/comparison.h"
#include "tools/regression/compare/filters.h"
#include "tools/regression/read/reader.h"
#include "tools/regression/render/render.h"

namespace assay {
namespace {

using regression::Comparison;
using regression::Verdict;

struct CompareCommand {
  std::string base_path, head_path;
  std::string base_filter, head_filter;
  bool no_color = false;
  bool display_aggregates_only = false;
  regression::CompareOptions compare;
  regression::BlockOptions blocks;
  double budget_s = 0;
  std::string tolerance_file;
  std::vector<std::string> metrics;
  std::vector<std::string> fail_on = {"regressed", "missing", "not-comparable", "inconclusive"};
  std::string colour = "auto";
  std::string json, markdown, junit;
  bool github = false;
};

int ExitCodeOf(const Comparison& comparison, const std::vector<std::string>& fail_on) {
  const auto fails = [&](Verdict verdict, const char* word) {
    return comparison.counts.contains(verdict) && std::ranges::find(fail_on, word) != fail_on.end();
  };
  // Nothing compared is never success.
  if (std::ranges::all_of(comparison.rows, [](const regression::Row& row) {
        return row.decision.verdict == Verdict::kNew || row.decision.verdict == Verdict::kMissing;
      })) {
    return kIncomplete;
  }
  if (fails(Verdict::kRegressed, "regressed")) return kRegression;
  if (fails(Verdict::kNotComparable, "not-comparable")) return kNotComparable;
  if (fails(Verdict::kMissing, "missing")) return kIncomplete;
  if (fails(Verdict::kInconclusive, "inconclusive")) return kInconclusive;
  return kPass;
}

int WriteReports(const CompareCommand& options, const Comparison& comparison) {
  const std::pair<const std::string&, std::string (*)(const Comparison&)> files[] = {
      {options.json, regression::RenderJson},
      {options.markdown, regression::RenderMarkdown},
      {options.junit, regression::RenderJunit}};
  for (const auto& [path, render] : files) {
    if (path.empty()) continue;
    if (const auto written = WriteWhole(path, render(comparison)); !written) {
      return Complain("compare", written.error().message, kFailure);
    }
  }
  return kPass;
}

Result<Comparison> CompareReports(const CompareCommand& options) {
  auto base = regression::ReadSide({options.base_path});
  if (!base) return std::move(base).error();
  auto head = regression::ReadSide({options.head_path});
  if (!head) return std::move(head).error();
  if (!options.base_filter.empty()) {
    const std::string both = "[" + options.base_filter + " vs. " + options.head_filter + "]";
    regression::KeepAndRename(*base, options.base_filter, both);
    regression::KeepAndRename(*head, options.head_filter, both);
  }
  return regression::CompareDocuments(*base, *head, options.compare);
}

Result<Comparison> CompareExecutables(const CompareCommand& options) {
  regression::BlockOptions blocks = options.blocks;
  if (!options.compare.filter.empty()) blocks.filter = options.compare.filter;
  if (options.budget_s > 0) {
    blocks.budget =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.budget_s));
  }
  return Interleave(options.base_path, options.head_path, options.compare, blocks);
}

int CompareSides(const CompareCommand& options) {
  const bool base_runs = regression::IsProgram(options.base_path);
  if (base_runs != regression::IsProgram(options.head_path)) {
    return Complain("compare",
                    (base_runs ? options.base_path : options.head_path) +
                        ": an executable on one side and none on the other; accepted: two "
                        "executables, or reports on both sides",
                    kFailure);
  }
  if (base_runs && !options.base_filter.empty()) {
    std::fputs("assay compare: --base-filter: works on reports, not on executables\n", stderr);
    return kUsage;
  }
  const auto comparison = base_runs ? CompareExecutables(options) : CompareReports(options);
  if (!comparison) return Complain("compare", comparison.error().message, kFailure);
  std::fputs(regression::RenderTerminal(*comparison, WantsColour(options.colour)).c_str(), stdout);
  if (options.github) std::fputs(regression::RenderGithub(*comparison).c_str(), stdout);
  if (const int failed = WriteReports(options, *comparison); failed != kPass) return failed;
  return ExitCodeOf(*comparison, options.fail_on);
}

int RunCompare(CompareCommand& options) {
  if (options.no_color) options.colour = "never";
  if (options.compare.report_only) options.fail_on.clear();
  if (!options.tolerance_file.empty()) {
    auto tolerances = ReadTolerances(options.tolerance_file);
    if (!tolerances) return Complain("compare", tolerances.error().message, kFailure);
    options.compare.tolerances = std::move(*tolerances);
  }
  auto metrics = regression::ParseMetrics(options.metrics);
  if (!metrics) return Complain("compare", metrics.error().message, kUsage);
  options.compare.metrics = std::move(*metrics);
  try {
    return CompareSides(options);
  } catch (const std::regex_error& error) {
    return Complain("compare", std::string("a filter is not a regular expression: ") + error.what(),
                    kUsage);
  }
}

// For two executables.
void AddRunOptions(CLI::App& command, CompareCommand& options) {
  const char* group = "Two executables";
  command
      .add_option("--budget", options.budget_s,
                  "begin no block that would end later: 90, 90s, 5m, 1h; 0 means no limit")
      ->transform(
          CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}}))
      ->group(group);
  command.add_option("--max-blocks", options.blocks.max_blocks, "blocks at the most")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str()
      ->group(group);
  command.add_option("--min-time", options.blocks.min_time_s, "seconds for each repetition")
      ->check(CLI::Range(0.001, 60.0))
      ->capture_default_str()
      ->group(group);
  command.add_option("--repetitions", options.blocks.repetitions, "repetitions in each launch")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->group(group);
  command.add_option("--seed", options.blocks.seed, "of the coin that orders the blocks")
      ->capture_default_str()
      ->group(group);
  command.add_option("--cpu", options.blocks.cpu, "the only CPU that both sides may run on")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
  command
      .add_option("--log", options.blocks.log,
                  "record of the blocks; a run that was stopped is taken up again from it")
      ->group(group);
}

}  // namespace

void AddCompareCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CompareCommand>();
  CLI::App* command =
      app.add_subcommand("compare", "did it get slower? regressed, proven equal or inconclusive");
  command
      ->add_option("BASE", options->base_path,
                   "JSON report, folder of reports, or Google Benchmark executable")
      ->required();
  command->add_option("HEAD", options->head_path, "the same for the newer side")->required();
  command
      ->add_option("--tolerance", options->compare.tolerance,
                   "relative change that does not matter, for example 0.03")
      ->check(CLI::Range(0.0001, 10.0))
      ->capture_default_str();
  command->add_option("--tolerance-file", options->tolerance_file,
                      "a line for each: TOLERANCE REGEX on the names of benchmarks, for all of "
                      "their metrics; the first that matches wins");
  command
      ->add_option("--metrics", options->metrics,
                   "compare these counters, or the other clock, as well as the time: "
                   "NAME[:lower|:higher],…")
      ->delimiter(',');
  command
      ->add_option("--alpha", options->compare.decide.alpha,
                   "chance of any false REGRESSED in the whole comparison")
      ->check(CLI::Range(1e-9, 0.5))
      ->capture_default_str();
  command->add_option("--filter", options->compare.filter, "regular expression on the names");
  CLI::Option* base_filter = command->add_option("--base-filter", options->base_filter,
                                                 "compare what this matches on the base side …");
  CLI::Option* head_filter = command->add_option("--head-filter", options->head_filter,
                                                 "… with what this matches on the head side");
  base_filter->needs(head_filter);
  head_filter->needs(base_filter);
  command->add_flag("--no-utest", options->compare.report_only, "report only, decide nothing");
  command->add_flag("--no-color", options->no_color, "as --color=never");
  command->add_flag("-a,--display_aggregates_only", options->display_aggregates_only,
                    "accepted for compare.py's sake: repetitions are never shown");
  command->add_flag("--any-conditions", options->compare.any_conditions,
                    "compare reports of different machines or builds all the same");
  command->add_option("--fail-on", options->fail_on, "verdicts that fail the comparison")
      ->delimiter(',')
      ->check(CLI::IsMember({"regressed", "missing", "not-comparable", "inconclusive"}))
      ->capture_default_str();
  command->add_option("--color", options->colour, "colour on the terminal")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  AddRunOptions(*command, *options);
  command->add_option("--json", options->json, "also write the comparison as JSON to this file");
  command->add_option("--markdown", options->markdown, "as Markdown, for a pull request");
  command->add_option("--junit", options->junit, "as JUnit XML");
  command->add_flag("--github", options->github, "also print GitHub annotations");
  command->footer(
      "Exit status: 0 pass, 1 regressed, 2 wrong options, 3 input cannot be read, 4 inconclusive,\n"
      "5 incomplete (missing benchmarks, or nothing to compare), 6 not comparable.\n\n"
      "Examples:\n"
      "  assay compare old/assay_bench new/assay_bench --filter '^pattern/' --budget 5m\n"
      "  assay compare base.json head.json\n"
      "  assay compare base/ head/ --tolerance 0.02 --markdown comment.md --fail-on regressed\n"
      "  assay compare filters report.json BM_old BM_new        (as compare.py)");
  command->callback([options, &exit_code] { exit_code = RunCompare(*options); });
}

}  // namespace assay
