// Turns received bytes into a Response; no socket, no clock.
//
// Both kinds of connection read through it, so every engine accepts and refuses
// the same bytes. Framing is Boost.Beast's; this adds the limits, the error
// values, interim responses (1xx are skipped, ten at the most) and the decision
// whether the connection may carry another request.
//
// Use: Start(), then Space() / Commit() until it says complete. After an error
// the connection is of no further use. Not thread-safe. After the first few
// responses of one kind nothing is allocated.
#ifndef ASSAY_TRANSPORT_RESPONSE_READER_H_
#define ASSAY_TRANSPORT_RESPONSE_READER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "assay/core/result.h"
#include "assay/http/method.h"
#include "assay/http/response.h"
#include "assay/transport/connection_options.h"

namespace assay {

class ResponseReader {
 public:
  enum class Progress { kMore, kComplete };

  explicit ResponseReader(const ConnectionOptions& options);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;

  // Expects the response to a request with this method (HEAD has no body).
  void Start(Method method);

  // Where the next bytes belong; never empty.
  std::span<char> Space();

  // `bytes` have been written into Space(). kMalformedResponse, kHeaderTooLarge
  // or kBodyTooLarge, with what was wrong.
  Result<Progress> Commit(std::size_t bytes);

  // The peer has closed: completes a body that ends with the connection, else
  // kConnectionClosed, with how much was missing.
  Result<Progress> Close();

  // Complete after kComplete; before that, what has arrived so far.
  const Response& response() const noexcept { return response_; }

  // May the connection be used again? False before kComplete, after an error, and
  // when the server sent more than its response.
  bool keep_alive() const noexcept { return keep_alive_; }

  // Something came that belongs to no response: no.
  void ForbidReuse() noexcept { keep_alive_ = false; }

  bool continue_received() const noexcept { return interim_responses_ > 0; }

  // Has any byte come since Start()?
  bool received() const noexcept { return received_; }

 private:
  class Parser;

  void BeginMessage();
  Result<Progress> Parse();
  bool EndMessage();

  std::size_t max_body_bytes_;
  std::size_t max_header_bytes_;
  Method method_ = Method::kGet;
  Response response_;
  std::unique_ptr<Parser> parser_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) has been received but not yet parsed
  std::size_t end_ = 0;
  std::size_t header_bytes_ = 0;  // consumed before the header section was complete
  int interim_responses_ = 0;
  bool keep_alive_ = false;
  bool received_ = false;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_RESPONSE_READER_H_
