// assay history: results across commits.
#include "tools/regression/history/history.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "tools/assay/commands.h"
#include "tools/assay/output.h"
#include "tools/regression/read/reader.h"

namespace assay {
namespace {

using regression::CommandResult;

struct HistoryCommand {
  regression::AddRequest add;
  regression::ShowRequest show;
  regression::BisectRequest bisect;
  std::string file = "history.jsonl";
  std::vector<std::string> reports, baseline;
  double threshold = 0;
};

// Answers go to stdout, complaints to stderr.
int Print(const CommandResult& result) {
  const bool failed = result.exit_code == kUsage || result.exit_code == kFailure;
  std::fputs(result.text.c_str(), failed ? stderr : stdout);
  return result.exit_code;
}

int Add(HistoryCommand& options) {
  const auto documents = regression::ReadSide(options.reports);
  if (!documents) return Complain("history", documents.error().message, kFailure);
  options.add.history = options.file;
  return Print(regression::AddToHistory(options.add, *documents));
}

// What cannot be measured is skipped: git goes on with another commit.
int Bisect(HistoryCommand& options, bool has_threshold) {
  const auto documents = regression::ReadSide(options.reports);
  if (!documents) return Complain("history", documents.error().message, regression::kBisectSkip);
  if (has_threshold) options.bisect.threshold = options.threshold;
  if (!options.baseline.empty()) {
    auto baseline = regression::ReadSide(options.baseline);
    if (!baseline) return Complain("history", baseline.error().message, regression::kBisectSkip);
    options.bisect.baseline = std::move(*baseline);
  }
  return Print(regression::Bisect(options.bisect, *documents));
}

void AddFile(CLI::App* command, HistoryCommand& options) {
  command->add_option("--file", options.file, "the history: JSON lines, made for git")
      ->capture_default_str();
}

void AddAdd(CLI::App* history, const std::shared_ptr<HistoryCommand>& options, int& exit_code) {
  CLI::App* command = history->add_subcommand("add", "append the results of a commit");
  AddFile(command, *options);
  command->add_option("REPORT", options->reports, "Google Benchmark JSON files or folders")
      ->required();
  command->add_option("--commit", options->add.commit, "the commit that was measured")->required();
  command
      ->add_option("--time", options->add.sequence,
                   "its place in the order of commits: git log -1 --format=%ct COMMIT")
      ->required();
  command->callback([options, &exit_code] { exit_code = Add(*options); });
}

void AddShow(CLI::App* history, const std::shared_ptr<HistoryCommand>& options, int& exit_code) {
  CLI::App* list = history->add_subcommand("list", "a line for each series");
  AddFile(list, *options);
  list->add_option("NAME", options->show.name, "only names with this in them");
  list->callback([options, &exit_code] {
    options->show.history = options->file;
    exit_code = Print(regression::ListSeries(options->show));
  });

  CLI::App* show = history->add_subcommand("show", "one benchmark: plot, changes, points");
  AddFile(show, *options);
  show->add_option("NAME", options->show.name, "the benchmark")->required();
  show->add_option("--metric", options->show.metric, "a counter instead of the time");
  show->add_option("--width", options->show.width, "columns")
      ->check(CLI::Range(40, 400))
      ->capture_default_str();
  show->add_option("--rows", options->show.rows, "newest points to list, 0 for all")
      ->capture_default_str();
  show->add_flag("--ascii", options->show.ascii, "plot without Unicode");
  show->callback([options, &exit_code] {
    options->show.history = options->file;
    exit_code = Print(regression::ShowSeries(options->show));
  });
}

void AddBisect(CLI::App* history, const std::shared_ptr<HistoryCommand>& options, int& exit_code) {
  CLI::App* command = history->add_subcommand("bisect", "good or bad, for `git bisect run`");
  command->add_option("REPORT", options->reports, "what the current commit measured")->required();
  command->add_option("--name", options->bisect.name, "the benchmark")->required();
  command->add_option("--metric", options->bisect.metric, "a counter instead of the time");
  CLI::Option* threshold = command->add_option("--threshold", options->threshold,
                                               "between good and bad; times in nanoseconds");
  command->add_option("--baseline", options->baseline, "or: a report of a good commit")
      ->excludes(threshold);
  command->add_option("--tolerance", options->bisect.tolerance, "above the baseline")
      ->check(CLI::Range(0.0001, 10.0))
      ->capture_default_str();
  command->footer("Exit status, as git wants it: 0 good, 1 bad, 125 cannot tell.");
  command->callback(
      [options, threshold, &exit_code] { exit_code = Bisect(*options, threshold->count() > 0); });
}

}  // namespace

void AddHistoryCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HistoryCommand>();
  CLI::App* command =
      app.add_subcommand("history", "results across commits, and where they changed");
  command->require_subcommand(1);
  AddAdd(command, options, exit_code);
  AddShow(command, options, exit_code);
  AddBisect(command, options, exit_code);
  command->footer(
      "Exit status: 0 done, 2 wrong options or a name that the history does not have, 3 a file "
      "cannot\n"
      "be read or written.\n\n"
      "Examples:\n"
      "  assay history add reports/x.json --commit $(git rev-parse HEAD) --time $(git log -1 "
      "--format=%ct)\n"
      "  assay history show pattern/semaphore/calm");
}

}  // namespace assay
