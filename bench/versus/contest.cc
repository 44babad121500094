#include "bench/versus/contest.h"

#include "bench/harness/hey.h"
#include "bench/harness/process.h"
#include "bench/harness/wrk.h"
#include "bench/versus/client.h"
#include "bench/versus/options.h"

namespace assay::bench {
namespace {

constexpr int kSeconds = 1;  // wrk counts in whole ones

ClientRun RunOf(double rps, Duration cpu, std::uint64_t requests) {
  return {rps,
          std::chrono::duration<double, std::micro>(cpu).count() / static_cast<double>(requests)};
}

Result<ClientRun> RunEngine(const Match& match, const std::string& client_program) {
  std::vector<std::string> command = {client_program,
                                      "--engine",
                                      match.client,
                                      "--url",
                                      match.url,
                                      "--connections",
                                      std::to_string(match.concurrency),
                                      "--seconds",
                                      std::to_string(kSeconds)};
  if (match.tls()) command.insert(command.end(), {"--authority", match.authority});
  const auto run = RunProcess(std::move(command), "it is built with versus_wrk");
  if (!run) return run.error();
  const auto report = ParseClientReport(run.value().output);
  if (!report) return report.error();
  return RunOf(static_cast<double>(report.value().requests) / report.value().seconds,
               run.value().cpu, report.value().requests + report.value().warm_up_requests);
}

template <class Report>
Result<ClientRun> RunOf(const Result<Report>& report) {
  if (!report) return report.error();
  return RunOf(report.value().requests_per_second, report.value().cpu, report.value().requests);
}

}  // namespace

std::string WhyNot(const Match& match) {
  if (match.client == kHey) return {};
  const EngineKind& kind = *FindContestant(match.client);
  if (match.tls() && !kind.tls) return "it speaks no TLS";
  if (match.concurrency <= kind.max_concurrency) return {};
  return "it has at most " + std::to_string(kind.max_concurrency);
}

Result<Done> Contest::Round(bool wrk_first) {
  Pair pair;
  for (const bool wrk : {wrk_first, !wrk_first}) {
    auto run = wrk ? RunOf(RunWrk(match_.url, match_.concurrency, kSeconds)) : RunOurs();
    if (!run) return std::move(run).error();
    (wrk ? pair.wrk : pair.engine) = *run;
  }
  pairs_.push_back(pair);
  return Done{};
}

Result<ClientRun> Contest::RunOurs() const {
  if (match_.client == kHey) return RunOf(RunHey(match_.url, match_.concurrency, kSeconds));
  return RunEngine(match_, client_program_);
}

}  // namespace assay::bench
