#include "bench/versus/client.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "bench/harness/checking_sink.h"
#include "bench/versus/options.h"

namespace assay::bench {
namespace {

Error Wrong(std::string what) { return {ErrorCode::kInvalidRequest, std::move(what)}; }

template <class Number>
Result<Number> NumberIn(std::string_view name, std::string_view text, Number most) {
  Number number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size() && number >= 1 && number <= most) {
    return number;
  }
  return Wrong(std::string(name) + " '" + std::string(text) + "' is not 1 to " +
               std::to_string(most));
}

Result<Done> Set(ClientOptions& options, std::string_view name, std::string_view value) {
  if (name == "--engine") {
    options.engine = value;
    if (FindContestant(value) != nullptr) return Done{};
    return Wrong("--engine '" + options.engine + "' is none that can run here");
  }
  if (name == "--url") {
    options.url = value;
    if (Url::Parse(options.url).ok()) return Done{};
    return Wrong("--url '" + options.url + "': " + Url::Parse(options.url).error().message);
  }
  if (name == "--authority") {
    options.authority = value;
    return Done{};
  }
  if (name == "--connections") {
    const auto number = NumberIn<int>(name, value, 10'000);
    if (!number) return number.error();
    options.connections = *number;
    return Done{};
  }
  if (name == "--seconds") {
    const auto number = NumberIn<int>(name, value, 60);
    if (!number) return number.error();
    options.seconds = *number;
    return Done{};
  }
  if (name == "--requests") {
    const auto number = NumberIn<std::uint64_t>(name, value, 1'000'000'000);
    if (!number) return number.error();
    options.requests = *number;
    return Done{};
  }
  return Wrong("unknown option '" + std::string(name) + "'; see --help");
}

Error WrongAnswers(const CheckingSink& sink) {
  return {ErrorCode::kIo,
          std::to_string(sink.wrong()) + " wrong answers, the first: " + sink.first_wrong()};
}

}  // namespace

Result<ClientOptions> ParseClientOptions(std::span<const std::string_view> arguments) {
  ClientOptions options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const bool last = i + 1 == arguments.size();
    if (last && arguments[i].starts_with("--")) {
      return Wrong(std::string(arguments[i]) + " needs a value");
    }
    const auto set = Set(options, arguments[i], last ? "" : arguments[i + 1]);
    if (!set) return set.error();
  }
  if (options.engine.empty()) return Wrong("--engine is missing");
  if (options.url.empty()) return Wrong("--url is missing");
  if (options.seconds.has_value() == options.requests.has_value()) {
    return Wrong("one of --seconds and --requests has to be given");
  }
  const int most = FindContestant(options.engine)->max_concurrency;
  if (options.connections > most) {
    return Wrong("--connections " + std::to_string(options.connections) + ": " + options.engine +
                 " has at most " + std::to_string(most));
  }
  return options;
}

Result<ClientReport> RunClient(const ClientOptions& options) {
  const Request request{Method::kGet, Url::Parse(options.url).value(), {}, {}};
  const auto engine = FindContestant(options.engine)
                          ->make({.concurrency = options.connections,
                                  .connection = {.tls = {.ca_pem = options.authority}}});
  CheckingSink warm_up(CheckingSink::Depth::kBody);
  const auto warm_up_requests = 20 * static_cast<std::uint64_t>(options.connections);
  engine->Run({{request}, warm_up_requests, {}}, warm_up);
  if (warm_up.wrong() > 0) return WrongAnswers(warm_up);

  CheckingSink sink(CheckingSink::Depth::kLength);
  Workload workload{{request}, options.requests, {}};
  if (options.seconds) workload.duration = std::chrono::seconds(*options.seconds);
  const RunSummary run = engine->Run(workload, sink);
  if (sink.wrong() > 0) return WrongAnswers(sink);
  return ClientReport{.requests = run.requests,
                      .warm_up_requests = warm_up_requests,
                      .seconds = std::chrono::duration<double>(run.elapsed).count()};
}

std::string ToLine(const ClientReport& report) {
  char line[128];
  std::snprintf(line, sizeof(line), "%llu requests in %.9f s after %llu\n",
                static_cast<unsigned long long>(report.requests), report.seconds,
                static_cast<unsigned long long>(report.warm_up_requests));
  return line;
}

Result<ClientReport> ParseClientReport(std::string_view line) {
  unsigned long long requests = 0, warm_up_requests = 0;
  ClientReport report;
  if (std::sscanf(std::string(line).c_str(), "%llu requests in %lf s after %llu", &requests,
                  &report.seconds, &warm_up_requests) != 3 ||
      requests == 0 || !(report.seconds > 0)) {
    return Error{ErrorCode::kIo,
                 "versus_client: unexpected output: " + std::string(line.substr(0, 200))};
  }
  report.requests = requests;
  report.warm_up_requests = warm_up_requests;
  return report;
}

}  // namespace assay::bench
