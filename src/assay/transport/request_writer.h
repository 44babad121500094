// What to send next of a request; no socket, no clock.
//
// Use: Start(), then send Output() and say how much of it was Sent(), until
// done(). Between header section and body it may wait for the server: Output() is
// empty while awaiting_continue(). What has been handed out stays where it is until
// all of it was Sent(), or the next Start(). Not thread-safe. Only a body that comes from a source or goes in chunks costs a
// buffer (16 KiB), and that is kept for the next one; nothing else is allocated.
#ifndef ASSAY_TRANSPORT_REQUEST_WRITER_H_
#define ASSAY_TRANSPORT_REQUEST_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "assay/http/body_source.h"
#include "assay/transport/wire_request.h"

namespace assay {

class RequestWriter {
 public:
  // From the beginning, whatever became of the request before. `request` outlives
  // the sending of it. The source is opened before the first byte is handed out.
  void Start(const WireRequest& request);

  // The next bytes to send, never empty unless done() or awaiting_continue(). An error
  // is that of the source, or kInvalidRequest where it does not keep its promised
  // length; then only Start() is of use.
  Result<std::string_view> Output();

  // The first `bytes` of Output() are on their way.
  void Sent(std::size_t bytes);

  // The header section has been sent, the body waits for Continue().
  bool awaiting_continue() const noexcept { return part_ == Part::kWait; }

  // "100 Continue" has come, or the wait for it is over: the body follows. Without
  // effect when nothing waits.
  void Continue() noexcept;

  // Nothing is left to be sent.
  bool done() const noexcept { return part_ == Part::kDone; }

 private:
  enum class Part { kHead, kWait, kBody, kDone };

  Result<Done> Open();
  Result<Done> Refill();
  Result<Done> RefillFromSource();
  Result<std::size_t> Read(std::span<char> space);
  Result<Done> ExpectEnd();
  void Frame(std::size_t bytes, bool last);
  void Finish() noexcept;

  const WireRequest* request_ = nullptr;
  Part part_ = Part::kDone;
  std::string_view pending_{};  // handed out and not yet sent
  std::string_view memory_{};   // of a body in memory, what is not yet in `pending_`
  std::unique_ptr<BodyReader> reader_{};
  std::uint64_t delivered_ = 0;  // by the reader
  bool opened_ = false;
  bool last_ = false;  // nothing follows `pending_`
  std::vector<char> buffer_{};
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_REQUEST_WRITER_H_
