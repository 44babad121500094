#include "tools/regression/run/benchmark_program.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <set>

#include "assay/core/duration_text.h"
#include "tools/regression/read/reader.h"

namespace assay::regression {
namespace {

// One argument may have 128 KiB in Linux, and std::regex, which Google Benchmark
// uses, refuses patterns of more than 100,000 states: about one for each character.
constexpr std::size_t kFilterLimit = std::size_t{60} << 10;

constexpr const char* kListing = "listing its benchmarks";

// A filter that selects no benchmark: no name is empty.
constexpr const char* kMatchesNothing = "^$";

bool IsControl(char byte) { return static_cast<unsigned char>(byte) < ' '; }

// Escapes what is special in a POSIX extended expression and nothing else: `\]` and
// `\}` are undefined there, and std::regex throws at them in strict mode.
std::string Escaped(std::string_view name) {
  std::string text;
  for (const char byte : name) {
    if (std::strchr(".[\\()*+?{|^$", byte) != nullptr) text += '\\';
    text += byte;
  }
  return text;
}

std::string NumberText(double number) {
  std::string text(32, '\0');
  // Fixed notation: the flag parsers of old versions differ in what else they take.
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  text.resize(static_cast<std::size_t>(end.ptr - text.data()));
  return text;
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The last line that the program wrote to standard error, for the end of a message.
std::string LastWords(const ProcessResult& result) {
  const std::vector<std::string> lines = LinesOf(result.errors);
  if (lines.empty()) return {};
  std::string line = lines.back().substr(0, 200);
  for (char& byte : line) {
    if (IsControl(byte)) byte = ' ';
  }
  return "; its last words: " + line;
}

std::string SignalText(int number) {
  const char* name = ::sigabbrev_np(number);
  return std::to_string(number) + (name == nullptr ? "" : " (SIG" + std::string(name) + ")");
}

// Why the launch is worth nothing, empty when it is. `where` says how far it came.
std::string TroubleWith(const ProcessResult& result, const ProcessOptions& options,
                        const std::string& where) {
  switch (result.end) {
    case ProcessResult::End::kTimedOut:
      return "not finished after " + DurationText(options.timeout) + where + LastWords(result);
    case ProcessResult::End::kCancelled: return "interrupted";
    case ProcessResult::End::kTooMuchOutput:
      return "printed more than " + std::to_string(options.max_output) + " bytes" + where;
    case ProcessResult::End::kSignalled:
      return "crashed by signal " + SignalText(result.status) + where + LastWords(result);
    case ProcessResult::End::kExited: break;
  }
  if (result.status == 0) return {};
  return "exit status " + std::to_string(result.status) + where + LastWords(result);
}

bool MatchedNothing(const ProcessResult& result) {
  return result.end == ProcessResult::End::kExited &&
         result.errors.find("Failed to match any benchmarks") != std::string::npos;
}

std::set<std::string> NamesIn(const Document& document) {
  std::set<std::string> names;
  for (const Entry& entry : document.entries) names.insert(entry.run_name);
  return names;
}

// All that a launch printed as one report. Several come from a program that runs its
// benchmarks in several goes.
Result<Document> ReportIn(const std::string& path, const std::string& output) {
  auto parsed = ParseReports(path, output);
  if (!parsed.ok()) return parsed.error();
  Document report = std::move(parsed->front());
  for (std::size_t i = 1; i < parsed->size(); ++i) {
    const Document& more = (*parsed)[i];
    report.entries.insert(report.entries.end(), more.entries.begin(), more.entries.end());
    report.truncated = report.truncated || more.truncated;
  }
  return report;
}

// Google Benchmark prints the results of a benchmark when it has finished it, so the
// first of `names` without one is the one that ran. Empty when the output tells nothing.
std::string WhereItEnded(std::span<const std::string> names, const std::string& path,
                         const std::string& output) {
  const auto report = ReportIn(path, output);
  if (!report.ok() || !report->truncated) return {};
  const std::set<std::string> found = NamesIn(*report);
  const auto finished =
      std::ranges::count_if(names, [&](const std::string& name) { return found.contains(name); });
  for (const std::string& name : names) {
    if (found.contains(name)) continue;
    return " while in \"" + name + "\" (" + std::to_string(finished) + " of " +
           std::to_string(names.size()) + " were finished)";
  }
  return {};
}

}  // namespace

std::string FilterFor(std::span<const std::string> names) {
  std::string filter = "^(";
  for (const std::string& name : names) {
    if (filter.size() > 2) filter += '|';
    filter += Escaped(name);
  }
  return filter + ")$";
}

std::size_t NamesThatFit(std::span<const std::string> names, std::size_t limit) {
  std::size_t bytes = std::strlen("^()$");
  for (std::size_t i = 0; i < names.size(); ++i) {
    bytes += Escaped(names[i]).size() + 1;
    if (bytes > limit) return std::max<std::size_t>(i, 1);
  }
  return names.size();
}

BenchmarkProgram::BenchmarkProgram(std::string path, std::vector<std::string> arguments)
    : path_(std::move(path)), arguments_(std::move(arguments)) {}

Error BenchmarkProgram::Failed(const std::string& phase, const std::string& why) const {
  return {ErrorCode::kIo, path_ + ": " + phase + ": " + why};
}

Result<ProcessResult> BenchmarkProgram::Start(const std::vector<std::string>& flags,
                                              const std::string& phase,
                                              const ProcessOptions& options,
                                              std::span<const std::string> names) const {
  std::vector<std::string> command = {path_};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  command.insert(command.end(), flags.begin(), flags.end());
  auto result = RunProcess(command, options);
  if (!result.ok()) return result;
  // Some programs fail when the filter leaves nothing; the caller knows what that means.
  if (MatchedNothing(*result)) return result;
  if (TroubleWith(*result, options, {}).empty()) return result;
  const std::string where = WhereItEnded(names, path_, result->output);
  Error error = Failed(phase, TroubleWith(*result, options, where));
  if (result->end == ProcessResult::End::kTimedOut) error.code = ErrorCode::kTimeout;
  return error;
}

Result<std::vector<std::string>> BenchmarkProgram::ListedLines(
    const std::string& filter, const ProcessOptions& options) const {
  // The format is given because the environment may ask for another one, and new
  // versions obey that here too.
  const auto result = Start(
      {"--benchmark_list_tests=true", "--benchmark_format=console", "--benchmark_filter=" + filter},
      kListing, options, {});
  if (!result.ok()) return result.error();
  if (filter != kMatchesNothing && MatchedNothing(*result)) {
    return Failed(kListing, "no benchmark matches " + filter);
  }
  return LinesOf(result->output);
}

Result<std::vector<std::string>> BenchmarkProgram::List(const std::string& filter,
                                                        const ProcessOptions& options) const {
  auto listed = ListedLines(filter, options);
  if (!listed.ok()) return listed;
  if (listed->empty()) return Failed(kListing, "printed nothing: not a Google Benchmark program");
  // Most programs that know nothing of these flags print the same as before.
  const auto always = ListedLines(kMatchesNothing, options);
  if (!always.ok()) return always.error();
  const std::set<std::string> noise(always->begin(), always->end());
  std::vector<std::string> names;
  for (const std::string& line : *listed) {
    if (std::any_of(line.begin(), line.end(), IsControl)) {
      return Failed(kListing, "printed something else than names: not a Google Benchmark program");
    }
    // `echo` and the like give back the very flags, which are not the same twice.
    if (!noise.contains(line) && line.find("--benchmark_") == std::string::npos) {
      names.push_back(line);
    }
  }
  if (!names.empty()) return names;
  return Failed(kListing,
                "the answer does not depend on the filter: not a Google Benchmark program");
}

Result<Document> BenchmarkProgram::Run(std::span<const std::string> names,
                                       const LaunchOptions& options) const {
  Document whole;
  whole.path = path_;
  while (!names.empty()) {
    const std::size_t some = NamesThatFit(names, kFilterLimit);
    auto part = Launch(names.first(some), options);
    if (!part.ok()) return part;
    names = names.subspan(some);
    if (whole.context.empty()) whole.context = std::move(part->context);
    whole.entries.insert(whole.entries.end(), part->entries.begin(), part->entries.end());
    whole.notes.insert(whole.notes.end(), part->notes.begin(), part->notes.end());
  }
  return whole;
}

Result<Document> BenchmarkProgram::Launch(std::span<const std::string> names,
                                          const LaunchOptions& options) const {
  const std::string phase = "running " + std::to_string(names.size()) + " of its benchmarks";
  ProcessOptions process = options.process;
  process.timeout += std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
      10 * options.min_time_s * options.repetitions * static_cast<double>(names.size())));
  const auto result = Start(
      {"--benchmark_filter=" + FilterFor(names), "--benchmark_format=json",
       // Without a unit: versions before 1.8 know none.
       "--benchmark_min_time=" + NumberText(options.min_time_s),
       "--benchmark_repetitions=" + std::to_string(options.repetitions),
       "--benchmark_report_aggregates_only=false", "--benchmark_display_aggregates_only=false"},
      phase, process, names);
  if (!result.ok()) return result.error();
  const bool none = MatchedNothing(*result);
  if (result->output.empty() && !none) return Failed(phase, "printed nothing" + LastWords(*result));

  Document report;
  if (!none) {
    auto printed = ReportIn(path_, result->output);
    if (!printed.ok()) return Failed(phase, "printed no report: " + printed.error().message);
    report = std::move(*printed);
    if (report.truncated) {
      return Failed(phase, "its report ends early" + WhereItEnded(names, path_, result->output));
    }
  }
  const std::set<std::string> found = NamesIn(report);
  const auto lost = std::find_if(names.begin(), names.end(),
                                 [&](const std::string& name) { return !found.contains(name); });
  if (lost == names.end()) return report;
  return Failed(phase, "the report is without \"" + *lost +
                           "\": its list of benchmarks changes from run to run");
}

}  // namespace assay::regression
