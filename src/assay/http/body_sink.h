// Where the body of a response goes while it arrives, so that it need not fit into
// memory.
//
// A target serves any number of responses and Open() may be called from several
// threads at once; a sink serves one, from one thread at a time. Neither may throw.
#ifndef ASSAY_HTTP_BODY_SINK_H_
#define ASSAY_HTTP_BODY_SINK_H_

#include <memory>
#include <string_view>

#include "assay/core/result.h"
#include "assay/http/response.h"

namespace assay {

class BodySink {
 public:
  virtual ~BodySink() = default;

  // The next bytes of the body, valid during the call only, never none. Nothing more
  // is read from the connection before it returns; whoever receives waits for it. An
  // error ends the exchange with that error. A sink is destroyed after the last byte;
  // only the result of the exchange says whether that was the whole body.
  virtual Result<Done> Write(std::string_view piece) = 0;
};

class BodyTarget {
 public:
  virtual ~BodyTarget() = default;

  // A sink for one body; null when the body is not wanted, which is then read and
  // dropped. `head` has status and header fields, of whatever status, and is valid
  // during the call only. An error ends the exchange with that error.
  virtual Result<std::unique_ptr<BodySink>> Open(const Response& head) const = 0;
};

// Wants no body: it is received and counted (Response::body_bytes) but not kept.
std::shared_ptr<const BodyTarget> DiscardBody();

}  // namespace assay

#endif  // ASSAY_HTTP_BODY_SINK_H_
