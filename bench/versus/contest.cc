#include "bench/versus/contest.h"

#include "bench/harness/checking_sink.h"
#include "bench/harness/wrk.h"

namespace assay::bench {
namespace {

constexpr int kSeconds = 1;  // wrk counts in whole ones

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

Error Wrong(const CheckingSink& sink) {
  return {ErrorCode::kIo,
          std::to_string(sink.wrong()) + " wrong answers, the first: " + sink.first_wrong()};
}

}  // namespace

Contest::Contest(const EngineKind& engine, std::string server, const std::string& url,
                 int concurrency)
    : kind_(engine),
      server_(std::move(server)),
      url_(url),
      concurrency_(concurrency),
      request_{Method::kGet, Url::Parse(url).value(), {}, {}} {}

Result<Done> Contest::Round(bool wrk_first) {
  Pair pair;
  for (const bool wrk : {wrk_first, !wrk_first}) {
    auto run = wrk ? RunWrkOnce() : RunEngine();
    if (!run) return std::move(run).error();
    (wrk ? pair.wrk : pair.engine) = *run;
  }
  pairs_.push_back(pair);
  return Done{};
}

Result<ClientRun> Contest::RunEngine() const {
  const auto engine = kind_.make({.concurrency = concurrency_});
  CheckingSink warm_up(CheckingSink::Depth::kBody);
  engine->Run({{request_}, 20 * static_cast<std::uint64_t>(concurrency_), {}}, warm_up);
  if (warm_up.wrong() > 0) return Wrong(warm_up);

  CheckingSink sink(CheckingSink::Depth::kLength);
  const RunSummary run = engine->Run({{request_}, {}, std::chrono::seconds(kSeconds)}, sink);
  if (sink.wrong() > 0) return Wrong(sink);
  return ClientRun{run.requests_per_second(),
                   Microseconds(run.cpu) / static_cast<double>(run.requests)};
}

Result<ClientRun> Contest::RunWrkOnce() const {
  const auto report = RunWrk(url_, concurrency_, kSeconds);
  if (!report) return report.error();
  return ClientRun{report.value().requests_per_second,
                   Microseconds(report.value().cpu) / static_cast<double>(report.value().requests)};
}

}  // namespace assay::bench
