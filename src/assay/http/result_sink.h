// Where an engine puts its results, one after the other.
//
// An engine never calls a sink from two threads at once, so a sink needs no lock
// of its own. Accept() runs between two requests of a slot: what it costs is part
// of no latency, but of throughput and CPU time. It must not throw.
#ifndef ASSAY_HTTP_RESULT_SINK_H_
#define ASSAY_HTTP_RESULT_SINK_H_

#include "assay/http/request_result.h"
#include "assay/http/response.h"

namespace assay {

class ResultSink {
 public:
  virtual ~ResultSink() = default;

  // `response` is what arrived, possibly in part when `result.error` is set; it
  // is valid during the call only.
  virtual void Accept(const RequestResult& result, const Response& response) noexcept = 0;
};

}  // namespace assay

#endif  // ASSAY_HTTP_RESULT_SINK_H_
