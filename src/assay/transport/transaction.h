// One request from its start to its result: over as many connections as that takes.
//
// A transaction decides; whoever owns sockets acts. Each call returns the next action,
// and the caller reports what came of it. Here are decided, the same for every engine:
// which address is tried next, whether a request whose kept connection turned out to be
// dead is repeated, which redirect is followed, and when patience ends.
//
// Not thread-safe; serves one request after another. A warm one allocates nothing.
// Internal to transport and engines: it includes Asio and OpenSSL.
#ifndef ASSAY_TRANSPORT_TRANSACTION_H_
#define ASSAY_TRANSPORT_TRANSACTION_H_

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "assay/transport/exchange.h"
#include "assay/transport/prepared_request.h"

namespace assay {

class Transaction {
 public:
  enum class Action {
    kAcquire,  // give back the connection, if there is one, see reusable(); get one to origin()
    kConnect,  // to endpoint(), with a new socket
    kSend,     // Output(); if that has to wait, receive meanwhile
    kReceive,  // into Input()
    kDone,     // give back the connection; error(), response() and timer() are the result
  };

  // `origins` outlives the transaction.
  Transaction(const ConnectionOptions& options, Pooling pooling, OriginTable& origins);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // `request` stays until kDone.
  Action Start(const PreparedRequest& request, TimePoint now);

  const Origin& origin() const noexcept { return *request_->origin; }

  // A kept connection could be dead too: connect anew, whatever the pool has.
  bool wants_fresh() const noexcept { return wants_fresh_; }

  // Nothing has been tried yet: timer().now() is the start.
  bool first() const noexcept { return !repeated_ && redirects_ == 0; }

  // Of a kAcquire that is not first(): from now on a connection is waited for.
  void Queue(TimePoint now) noexcept { timer_.Enter(Phase::kQueue, now); }

  // There is a connection that has been used before. `tls`: null for plain text.
  Action Reuse(TlsSession* tls, TimePoint now);
  // There is room for one.
  Action Connect(TimePoint now);
  const boost::asio::ip::tcp::endpoint& endpoint() const { return origin().endpoints[endpoint_]; }
  Action Connected(TlsSession* tls, TimePoint now);

  std::string_view Output() const noexcept { return exchange_.Output(); }
  // Nothing comes behind Output(), and it stays where it is until kDone.
  bool OutputIsAll() const noexcept;
  Action Sent(std::size_t bytes, TimePoint now) { return Next(exchange_.Sent(bytes, now), now); }
  std::span<char> Input() { return exchange_.Input(); }
  Action Received(std::size_t bytes, TimePoint now) {
    return Next(exchange_.Received(bytes, now), now);
  }

  // What was under way has failed; nothing else is under way any more.
  Action Fail(const boost::system::error_code& ec, TimePoint now);

  // Never() when there is nothing to wait for. From then on Expire() is to be called.
  Deadline deadline() const noexcept;
  // Has what is under way to end first?
  bool ExpiryInterrupts(TimePoint now) const noexcept;
  Action Expire(TimePoint now);

  // The result will be kCancelled, whatever was under way.
  Action Cancel(TimePoint now);

  // After kAcquire and kDone: may the connection that was used until now carry another request?
  bool reusable() const noexcept { return reusable_; }

  // After kDone.
  std::optional<Error>& error() noexcept { return error_; }
  const Response& response() const noexcept { return exchange_.response(); }
  const PhaseTimer& timer() const noexcept { return timer_; }
  int redirects() const noexcept { return redirects_; }
  bool repeated() const noexcept { return repeated_; }

 private:
  Action Next(Result<Exchange::Step> step, TimePoint now);
  Action Complete(TimePoint now);
  Action Redirect(TimePoint now);
  Action Finish(std::optional<Error> error, TimePoint now);
  Action Failed(Error error, TimePoint now);
  bool MayRepeat(const Error& error) const noexcept;

  struct Redirected {
    Request request;
    PreparedRequest prepared;
  };

  ConnectionOptions options_;
  Pooling pooling_;
  OriginTable& origins_;
  PhaseTimer timer_;
  Exchange exchange_;
  const PreparedRequest* request_ = nullptr;
  std::size_t endpoint_ = 0;  // of the origin, while connecting
  Deadline attempt_by_ = Deadline::Never();
  bool reused_ = false;
  bool repeated_ = false;
  bool wants_fresh_ = false;  // repeated since the last redirect
  bool reusable_ = false;
  int redirects_ = 0;
  std::unique_ptr<Redirected> redirected_;  // what request_ points to after a redirect
  std::optional<Error> send_error_;         // what the response may still explain
  std::optional<Error> error_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TRANSACTION_H_
