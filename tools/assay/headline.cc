// assay headline REPORT: the headline table of a report of assay_bench.
#include "tools/report/headline.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "tools/assay/commands.h"

namespace assay {
namespace {

using report::Format;

struct Options {
  std::string file;
  std::string format = "terminal";
};

int PrintHeadline(const Options& options) {
  const auto read = report::ReadReport(options.file);
  if (!read) {
    std::fprintf(stderr, "assay headline: %s\n", read.error().message.c_str());
    return kFailure;
  }
  const Format format = options.format == "markdown" ? Format::kMarkdown : Format::kTerminal;
  const char* line_end = format == Format::kMarkdown ? "  \n" : "\n";
  for (const std::string& line : report::Provenance(*read)) {
    std::printf("%s%s", line.c_str(), line_end);
  }
  const auto rows = report::Headline(*read);
  std::printf("\n%s", report::Render(rows, format).c_str());

  int status = std::ranges::any_of(rows, &report::HeadlineRow::missing) ? kIncomplete : kPass;
  for (const report::Run& run : read->runs) {
    if (run.error.empty()) continue;
    std::fprintf(stderr, "assay headline: %s was skipped: %s\n", run.name.c_str(),
                 run.error.c_str());
    status = kFailure;
  }
  return status;
}

}  // namespace

void AddHeadlineCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("headline", "print the headline table of a report of assay_bench");
  command->add_option("report", options->file, "Google Benchmark JSON file")->required();
  command->add_option("--format", options->format, "how to print the table")
      ->check(CLI::IsMember({"terminal", "markdown"}))
      ->capture_default_str();
  command->footer(
      "Exit status: 0 printed, 2 wrong options, 3 the report cannot be read or a benchmark in it\n"
      "was skipped with an error (named on stderr), 5 a row's benchmark is not in the report.\n\n"
      "Example: assay headline reports/latest.json --format markdown");
  command->callback([options, &exit_code] { exit_code = PrintHeadline(*options); });
}

}  // namespace assay
