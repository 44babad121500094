#include "bench/harness/hey.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "bench/harness/process.h"

namespace assay::bench {
namespace {

constexpr const char* kRemedy = "Debian: apt-get install hey";

Error Failed(const std::string& why) { return {ErrorCode::kIo, "hey: " + why}; }

template <class Number>
bool NumberAfter(std::string_view text, std::string_view label, Number& number) {
  std::size_t begin = text.find(label);
  if (begin == std::string_view::npos) return false;
  begin = text.find_first_not_of(" \t", begin + label.size());
  if (begin == std::string_view::npos) return false;
  return std::from_chars(text.data() + begin, text.data() + text.size(), number).ec == std::errc();
}

}  // namespace

Result<HeyReport> ParseHey(std::string_view output) {
  if (const std::size_t errors = output.find("Error distribution:");
      errors != std::string_view::npos) {
    return Failed(std::string(output.substr(errors, 120)));
  }
  // A line for each status: there is to be one, and it is that of right answers.
  const std::size_t statuses = output.find("Status code distribution:");
  HeyReport report;
  if (statuses == std::string_view::npos ||
      !NumberAfter(output, "Requests/sec:", report.requests_per_second) ||
      !NumberAfter(output.substr(statuses), "[200]", report.requests)) {
    return Failed("no answer with status 200");
  }
  const std::string_view lines = output.substr(statuses);
  if (lines.find('[') != lines.rfind('[')) return Failed("another status than 200");
  return report;
}

Result<HeyReport> RunHey(const std::string& url, int connections, int seconds) {
  const auto run = RunProcess(
      {"hey", "-c", std::to_string(connections), "-z", std::to_string(seconds) + "s", url},
      kRemedy);
  if (!run) return run.error();
  auto report = ParseHey(run.value().output);
  if (report.ok()) report->cpu = run.value().cpu;
  return report;
}

std::string WhyNoHey() {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    if (::access((std::string(rest.substr(0, colon)) + "/hey").c_str(), X_OK) == 0) return {};
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return std::string("not installed (") + kRemedy + ")";
}

}  // namespace assay::bench
