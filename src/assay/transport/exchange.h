// One request and its response over a connection that stands, without the connection:
// what is to be sent, what to make of what was received, and what comes next.
//
// No socket and no clock: whoever owns the connection calls Begin(), does what the step
// says, reports it with Sent() or Received(), and gets the next step. TLS, the wait for
// "100 Continue" and the limits are the same for every engine this way. One exchange
// serves one connection after another. Not thread-safe; a warm exchange allocates
// nothing. Internal to transport and engines: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_EXCHANGE_H_
#define ASSAY_TRANSPORT_EXCHANGE_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "assay/core/result.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/origin.h"
#include "assay/transport/phase_timer.h"
#include "assay/transport/request_writer.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

class Exchange {
 public:
  enum class Step {
    kSend,      // Output() is to be sent; the response may come before all of it has been
    kReceive,   // all is sent: only what comes into Input() helps
    kComplete,  // response() is whole
  };

  // Both outlive the exchange; `timer` is that of the request.
  Exchange(const ConnectionOptions& options, PhaseTimer& timer)
      : timer_(timer),
        expect_timeout_(options.expect_timeout),
        decode_(options.decode),
        drop_redirect_bodies_(options.redirects.has_value()),
        reader_(options) {}

  // `request`, `target` (where the body goes; may be null) and `origin` stay until the
  // exchange is over; a request without text is complete when the connection stands. `tls` is the
  // session of the connection, null for plain text; `fresh`: its handshake is still to come.
  Result<Step> Begin(const WireRequest& request, const BodyTarget* target, const Origin& origin,
                     TlsSession* tls, bool fresh, TimePoint now);

  // Stays the same until Sent() or Received().
  std::string_view Output() const noexcept { return output_; }

  // The operating system has taken so many bytes of Output().
  Result<Step> Sent(std::size_t bytes, TimePoint now);

  // Where the next bytes belong; never empty. Stays the same until Received().
  std::span<char> Input();

  // So many have come; 0: the connection has ended.
  Result<Step> Received(std::size_t bytes, TimePoint now);

  // Sending has failed: what the server said before it closed may still be there to be
  // received, and tells more than the failure. True: go on with kReceive.
  bool GiveUpSending(TimePoint now) noexcept;

  // While "100 Continue" is waited for: when the body goes out without it. Else Never().
  Deadline continue_by() const noexcept { return continue_by_; }
  Result<Step> ContinueAnyway(TimePoint now);

  // Has any byte of the response come?
  bool received() const noexcept { return reader_.received(); }

  // May the connection carry another request? Only after kComplete.
  bool reusable() const noexcept { return reusable_; }

  // Complete after kComplete; before that, what has arrived so far.
  const Response& response() const noexcept { return reader_.response(); }

  // It is over, however it ended: nothing is waited for any more.
  void Reset() noexcept { continue_by_ = Deadline::Never(); }

  // Forgets the response of the request before.
  void Clear() { reader_.Start(Method::kGet); }

 private:
  Result<Step> Handshake(TimePoint now);
  Result<Step> Write(TimePoint now);
  Result<Step> Complete() noexcept;
  Error Named(Error error) const;

  PhaseTimer& timer_;
  Duration expect_timeout_;
  bool decode_;
  bool drop_redirect_bodies_;
  RequestWriter writer_;
  ResponseReader reader_;
  const Origin* origin_ = nullptr;
  TlsSession* tls_ = nullptr;
  bool connect_only_ = false;
  bool handshaking_ = false;
  bool gave_up_sending_ = false;
  bool reusable_ = false;
  std::string_view output_{};
  Deadline continue_by_ = Deadline::Never();
  std::unique_ptr<char[]> ciphertext_;  // made with the first connection that speaks TLS
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_EXCHANGE_H_
