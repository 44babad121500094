// assay headline REPORT: the headline table of a report of assay_bench.
#include "tools/report/headline.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "tools/assay/commands.h"
#include "tools/assay/output.h"
#include "tools/regression/read/reader.h"

namespace assay {
namespace {

using report::Format;

struct HeadlineCommand {
  std::string file;
  std::string format = "terminal";
};

// The only report of the file: rows of two would be no repetitions of each other.
Result<regression::Document> ReadOne(const std::string& path) {
  auto documents = regression::ReadReports(path);
  if (!documents) return std::move(documents).error();
  if (documents->size() > 1) {
    return Error{ErrorCode::kIo, path + ": " + std::to_string(documents->size()) +
                                     " reports in one file; accepted: a file with one"};
  }
  return std::move(documents->front());
}

// Names what the table cannot contain; what that means for the exit status.
int SayWhatIsNotThere(const regression::Document& report) {
  int status = kPass;
  if (report.truncated) {
    for (const std::string& note : report.notes) {
      std::fprintf(stderr, "assay headline: %s:%s\n", report.path.c_str(), note.c_str());
    }
    status = kIncomplete;
  }
  for (const regression::Entry& entry : report.entries) {
    if (entry.status == regression::Entry::Status::kOk) continue;
    std::fprintf(stderr, "assay headline: %s was skipped: %s\n", entry.run_name.c_str(),
                 entry.message.c_str());
    status = kFailure;
  }
  return status;
}

int PrintHeadline(const HeadlineCommand& options) {
  const auto read = ReadOne(options.file);
  if (!read) return Complain("headline", read.error().message, kFailure);
  const Format format = options.format == "markdown" ? Format::kMarkdown : Format::kTerminal;
  const char* line_end = format == Format::kMarkdown ? "  \n" : "\n";
  for (const std::string& line : report::Provenance(*read)) {
    std::printf("%s%s", line.c_str(), line_end);
  }
  const auto rows = report::Headline(*read);
  std::printf("\n%s", report::Render(rows, format).c_str());

  const int status = SayWhatIsNotThere(*read);
  const bool missing = std::ranges::any_of(rows, &report::HeadlineRow::missing);
  return status == kPass && missing ? kIncomplete : status;
}

}  // namespace

void AddHeadlineCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HeadlineCommand>();
  CLI::App* command =
      app.add_subcommand("headline", "print the headline table of a report of assay_bench");
  command->add_option("report", options->file, "Google Benchmark JSON file")->required();
  command->add_option("--format", options->format, "how to print the table")
      ->check(CLI::IsMember({"terminal", "markdown"}))
      ->capture_default_str();
  command->footer(
      "Exit status: 0 printed, 2 wrong options, 3 the report cannot be read or a benchmark in it\n"
      "failed or was skipped (named on stderr), 5 a row's benchmark is not in the report, or the\n"
      "report ends early.\n\n"
      "Example: assay headline reports/latest.json --format markdown");
  command->callback([options, &exit_code] { exit_code = PrintHeadline(*options); });
}

}  // namespace assay
