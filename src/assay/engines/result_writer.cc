#include "assay/engines/result_writer.h"

#include <string>

namespace assay {

using std::chrono::system_clock;

ResultWriter::ResultWriter(ResultSink& sink)
    : sink_(sink),
      wall_minus_steady_(system_clock::now().time_since_epoch() -
                         SteadyClock().Now().time_since_epoch()) {}

void ResultWriter::Write(const PreparedRequest& request, TimePoint started, TimePoint ended,
                         const Response& response, std::optional<Error> error,
                         const Phases& phases) noexcept {
  if (!error && response.status >= 400) {
    error = Error{ErrorCode::kHttpStatus, "HTTP " + std::to_string(response.status)};
  }
  result_.url.assign(request.url);
  result_.status = response.status;
  result_.latency = ended - started;
  result_.phases = phases;
  result_.timestamp = system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(
      ended.time_since_epoch() + wall_minus_steady_));
  result_.error = std::move(error);
  ++requests_;
  if (!result_.ok()) ++failed_;
  sink_.Accept(result_, response);
}

void ResultWriter::Write(const PreparedRequest& request, TimePoint started,
                         Transaction& transaction) noexcept {
  repeated_ += transaction.repeated() ? 1 : 0;
  result_.redirects = transaction.redirects();
  const PhaseTimer& timer = transaction.timer();
  Write(request, started, timer.now(), transaction.response(), std::move(transaction.error()),
        timer.phases());
}

void ResultWriter::AddTo(RunSummary& summary) const noexcept {
  summary.requests += requests_;
  summary.failed += failed_;
  summary.repeated += repeated_;
}

void AddTo(RunSummary& summary, const PoolStats& before, const PoolStats& after) noexcept {
  summary.connections_opened += after.opened - before.opened;
  summary.connections_reused += after.reused - before.reused;
  summary.connections_evicted += after.evicted() - before.evicted();
  summary.waited += after.waited - before.waited;
}

}  // namespace assay
