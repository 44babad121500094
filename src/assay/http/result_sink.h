// Where an engine puts its results, one after the other.
//
// An engine never calls Accept() from two threads at once, so a sink needs no lock of
// its own; a sink that would rather have no lock at all gives each thread its own one
// (ForThread()). Accept() runs between two requests of a slot: what it costs is part
// of no latency, but of throughput and CPU time. It must not throw.
#ifndef ASSAY_HTTP_RESULT_SINK_H_
#define ASSAY_HTTP_RESULT_SINK_H_

#include <cstddef>

#include "assay/http/request_result.h"
#include "assay/http/response.h"

namespace assay {

class ResultSink {
 public:
  virtual ~ResultSink() = default;

  // `response` is what arrived, possibly in part when `result.error` is set; it
  // is valid during the call only.
  virtual void Accept(const RequestResult& result, const Response& response) noexcept = 0;

  // Asked by engines with several threads, possibly by all at once, when a run begins:
  // where the thread with this number, from 0, puts its results; valid until the run's
  // end. Null: to Accept() of this one, under a lock.
  virtual ResultSink* ForThread(std::size_t) { return nullptr; }
};

// For callers who only want an engine's totals.
struct DiscardingSink : ResultSink {
  void Accept(const RequestResult&, const Response&) noexcept override {}
};

}  // namespace assay

#endif  // ASSAY_HTTP_RESULT_SINK_H_
