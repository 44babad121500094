#include "assay/engines/result_writer.h"

#include <string>

namespace assay {

using std::chrono::system_clock;

ResultWriter::ResultWriter(ResultSink& sink)
    : sink_(sink),
      wall_minus_steady_(system_clock::now().time_since_epoch() -
                         SteadyClock().Now().time_since_epoch()) {}

void ResultWriter::Write(const PreparedWorkload::Item& item, TimePoint started, TimePoint ended,
                         const Response& response, std::optional<Error> error,
                         const Phases& phases) noexcept {
  if (!error && response.status >= 400) {
    error = Error{ErrorCode::kHttpStatus, "HTTP " + std::to_string(response.status)};
  }
  result_.url.assign(item.url);
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

}  // namespace assay
