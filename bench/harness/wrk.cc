#include "bench/harness/wrk.h"

#include <charconv>

#include "bench/harness/process.h"

namespace assay::bench {
namespace {

Error Failed(const std::string& why) { return {ErrorCode::kIo, "wrk: " + why}; }

// The number right before or after `label`.
template <class Number>
bool NumberBefore(std::string_view text, std::string_view label, Number& number) {
  const std::size_t end = text.find(label);
  if (end == std::string_view::npos) return false;
  const std::size_t begin = text.find_last_not_of("0123456789", end - 1) + 1;
  return std::from_chars(text.data() + begin, text.data() + end, number).ec == std::errc();
}

bool NumberAfter(std::string_view text, std::string_view label, double& number) {
  std::size_t begin = text.find(label);
  if (begin == std::string_view::npos) return false;
  begin = text.find_first_not_of(' ', begin + label.size());
  if (begin == std::string_view::npos) return false;
  return std::from_chars(text.data() + begin, text.data() + text.size(), number).ec == std::errc();
}

}  // namespace

Result<WrkReport> ParseWrk(std::string_view output) {
  WrkReport report;
  for (const std::string_view trouble : {"Socket errors", "Non-2xx or 3xx responses"}) {
    if (output.find(trouble) != std::string_view::npos) {
      return Failed(std::string(output.substr(output.find(trouble), 80)));
    }
  }
  if (!NumberBefore(output, " requests in ", report.requests) ||
      !NumberAfter(output, "Requests/sec:", report.requests_per_second)) {
    return Failed("unexpected output: " + std::string(output.substr(0, 200)));
  }
  return report;
}

Result<WrkReport> RunWrk(const std::string& url, int connections, int seconds) {
  const auto run = RunProcess(
      {"wrk", "-t1", "-c" + std::to_string(connections), "-d" + std::to_string(seconds) + "s", url},
      "Debian: apt-get install wrk");
  if (!run) return run.error();
  auto report = ParseWrk(run.value().output);
  if (report.ok()) report->cpu = run.value().cpu;
  return report;
}

}  // namespace assay::bench
