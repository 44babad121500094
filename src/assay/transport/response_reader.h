// Turns received bytes into a Response; no socket, no clock.
//
// Every kind of connection reads through it, so every engine accepts and refuses
// the same bytes. Framing is Boost.Beast's; this adds the limits, the error
// values, interim responses (1xx are skipped, ten at the most), what two readers
// could understand differently (obs-fold, any transfer coding but "chunked", control
// characters in chunk extensions; Beast refuses the rest) and the decision whether
// the connection may carry another request. Where the body goes: BodyHandling.
//
// Use: Start(), then Space() / Commit() until it says complete. After an error
// the connection is of no further use. A reader belongs to an exchange and not to a
// connection: Start() is all it takes to go on with another one, in the middle of a
// response and after an error too. Not thread-safe. After the first few responses of
// one kind nothing is allocated, but for what a BodyTarget allocates.
#ifndef ASSAY_TRANSPORT_RESPONSE_READER_H_
#define ASSAY_TRANSPORT_RESPONSE_READER_H_

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "assay/core/result.h"
#include "assay/http/method.h"
#include "assay/http/response.h"
#include "assay/transport/body_receiver.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/head_scanner.h"

namespace assay {

class ResponseReader {
 public:
  enum class Progress { kMore, kComplete };

  explicit ResponseReader(const ConnectionOptions& options);
  ~ResponseReader();
  ResponseReader(ResponseReader&&) noexcept;

  // Expects the response to a request with this method (HEAD has no body). Whatever
  // was going on before is forgotten, and a sink that was still open destroyed.
  void Start(Method method, const BodyHandling& handling = {});

  // Where the next bytes belong; never empty.
  std::span<char> Space();

  // `bytes` have been written into Space(). kMalformedResponse, kHeaderTooLarge
  // or kBodyTooLarge, with what was wrong, or the error of the target or its sink.
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

  // Has any byte come since Start()?
  bool received() const noexcept { return received_; }

  // Has "100 Continue" come since Start()?
  bool continue_received() const noexcept { return continue_received_; }

  // Are status and header fields of the final response complete?
  bool head_complete() const noexcept;

 private:
  class Parser;

  void BeginMessage();
  Result<Progress> Parse();
  std::size_t HeadPart(boost::system::error_code& ec);
  bool EndMessage();

  BodyReceiver body_;
  std::size_t max_header_bytes_;
  HeadScanner head_;
  Method method_ = Method::kGet;
  Response response_;
  std::unique_ptr<Parser> parser_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) has been received but not yet parsed
  std::size_t end_ = 0;
  int interim_responses_ = 0;
  bool keep_alive_ = false;
  bool received_ = false;
  bool continue_received_ = false;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_RESPONSE_READER_H_
