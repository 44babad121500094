// Turns the end of a request into a RequestResult, counts it and hands it on.
//
// Not thread-safe; one for each thread of an engine. Internal to engines.
#ifndef ASSAY_ENGINES_RESULT_WRITER_H_
#define ASSAY_ENGINES_RESULT_WRITER_H_

#include <optional>

#include "assay/engines/engine.h"
#include "assay/engines/prepared_workload.h"
#include "assay/transport/pool/pool_options.h"
#include "assay/transport/transaction.h"

namespace assay {

// Adds what a pool has counted between two looks at it.
void AddTo(RunSummary& summary, const PoolStats& before, const PoolStats& after) noexcept;

class ResultWriter {
 public:
  explicit ResultWriter(ResultSink& sink);

  // `error` is what kept the response from arriving; a complete one with a
  // status of 400 or more becomes kHttpStatus here. `phases` are those of the time
  // from `started` to `ended`.
  void Write(const PreparedRequest& request, TimePoint started, TimePoint ended,
             const Response& response, std::optional<Error> error,
             const Phases& phases = {}) noexcept;

  // What has become of `transaction`, which began with `request`.
  void Write(const PreparedRequest& request, TimePoint started, Transaction& transaction) noexcept;

  // Adds what has been counted.
  void AddTo(RunSummary& summary) const noexcept;

  std::uint64_t requests() const noexcept { return requests_; }
  std::uint64_t failed() const noexcept { return failed_; }

 private:
  ResultSink& sink_;
  Duration wall_minus_steady_;  // so that a time stamp needs no second clock read
  RequestResult result_;        // kept for the memory of its strings
  std::uint64_t requests_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_RESULT_WRITER_H_
