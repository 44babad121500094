#include "assay/transport/transaction.h"

#include <algorithm>
#include <boost/asio/error.hpp>

#include "assay/transport/socket_error.h"

namespace assay {
namespace {

// RFC 9110 section 9.2.2.
bool IsIdempotent(Method method) noexcept {
  return method != Method::kPost && method != Method::kPatch;
}

}  // namespace

Transaction::Transaction(const ConnectionOptions& options, Pooling pooling, OriginTable& origins)
    : options_(options),
      pooling_(pooling),
      origins_(origins),
      timer_(options),
      exchange_(options, timer_) {}

Transaction::Action Transaction::Start(const PreparedRequest& request, TimePoint now) {
  request_ = &request;
  timer_.Start(Phase::kQueue, now);
  error_.reset();
  send_error_.reset();
  redirects_ = 0;
  repeated_ = wants_fresh_ = reusable_ = false;
  attempt_by_ = Deadline::Never();
  exchange_.Reset();
  if (!request.refused) return Action::kAcquire;
  exchange_.Clear();
  error_ = request.refused;
  return Action::kDone;
}

Transaction::Action Transaction::Reuse(TlsSession* tls, TimePoint now) {
  reused_ = true;
  return Next(exchange_.Begin(request_->wire, request_->target(), origin(), tls, false, now), now);
}

Transaction::Action Transaction::Connect(TimePoint now) {
  exchange_.Clear();  // a connect that fails leaves no response behind
  reused_ = false;
  endpoint_ = 0;
  timer_.Enter(Phase::kConnect, now);
  const bool others = origin().endpoints.size() > 1;
  attempt_by_ = others ? Deadline::After(now, options_.next_address_after) : Deadline::Never();
  return Action::kConnect;
}

Transaction::Action Transaction::Connected(TlsSession* tls, TimePoint now) {
  attempt_by_ = Deadline::Never();
  return Next(exchange_.Begin(request_->wire, request_->target(), origin(), tls, true, now), now);
}

bool Transaction::OutputIsAll() const noexcept {
  const WireRequest& wire = request_->wire;
  return !origin().tls && !wire.source && !wire.chunked && wire.body.empty();
}

Transaction::Action Transaction::Next(Result<Exchange::Step> step, TimePoint now) {
  if (!step) return Failed(std::move(step).error(), now);
  switch (*step) {
    case Exchange::Step::kSend: return Action::kSend;
    case Exchange::Step::kReceive: return Action::kReceive;
    case Exchange::Step::kComplete: break;
  }
  return Complete(now);
}

Transaction::Action Transaction::Complete(TimePoint now) {
  reusable_ = exchange_.reusable();
  if (options_.redirects && IsRedirect(exchange_.response().status)) return Redirect(now);
  return Finish(std::nullopt, now);
}

// The limit of the whole request goes on, and so do its phases.
Transaction::Action Transaction::Redirect(TimePoint now) {
  auto next =
      FollowRedirect(*request_->request, exchange_.response(), redirects_, *options_.redirects);
  if (!next) return Finish(std::move(next).error(), now);
  ++redirects_;
  wants_fresh_ = false;
  timer_.Enter(Phase::kResolve, now);
  auto redirected = std::make_unique<Redirected>();
  redirected->request = std::move(**next);
  redirected->prepared = Prepare(redirected->request, pooling_, options_.decode, origins_);
  redirected_ = std::move(redirected);
  request_ = &redirected_->prepared;
  if (request_->refused) return Finish(request_->refused, now);
  return Action::kAcquire;
}

Transaction::Action Transaction::Fail(const boost::system::error_code& ec, TimePoint now) {
  Error error = SocketError(timer_.phase(), origin().authority, ec);
  if (timer_.phase() == Phase::kConnect) {
    if (++endpoint_ == origin().endpoints.size()) return Failed(std::move(error), now);
    const bool last = endpoint_ + 1 == origin().endpoints.size();
    attempt_by_ = last ? Deadline::Never() : Deadline::After(now, options_.next_address_after);
    return Action::kConnect;
  }
  if (exchange_.GiveUpSending(now)) {
    send_error_ = std::move(error);
    return Action::kReceive;
  }
  return Failed(std::move(error), now);
}

Deadline Transaction::deadline() const noexcept {
  return std::min({timer_.deadline(), attempt_by_, exchange_.continue_by()});
}

bool Transaction::ExpiryInterrupts(TimePoint now) const noexcept {
  return timer_.deadline().Expired(now) || attempt_by_.Expired(now);
}

Transaction::Action Transaction::Expire(TimePoint now) {
  if (timer_.deadline().Expired(now)) {
    send_error_.reset();
    return Failed(timer_.Expired(origin().authority), now);
  }
  if (attempt_by_.Expired(now)) return Fail(boost::asio::error::timed_out, now);
  return Next(exchange_.ContinueAnyway(now), now);
}

Transaction::Action Transaction::Cancel(TimePoint now) {
  send_error_.reset();
  return Failed(InPhase(timer_.phase(), origin().authority, {ErrorCode::kCancelled, "cancelled"}),
                now);
}

bool Transaction::MayRepeat(const Error& error) const noexcept {
  return reused_ && !wants_fresh_ && !exchange_.received() &&
         error.code == ErrorCode::kConnectionClosed && IsIdempotent(request_->wire.method);
}

// A kept connection that the server has closed meanwhile says nothing about the request.
Transaction::Action Transaction::Failed(Error error, TimePoint now) {
  // Whoever never got a connection has no response either; this one is older.
  if (timer_.phase() == Phase::kQueue) exchange_.Clear();
  reusable_ = false;
  attempt_by_ = Deadline::Never();
  exchange_.Reset();
  if (send_error_ && !exchange_.received()) error = *send_error_;
  send_error_.reset();
  if (MayRepeat(error)) {
    repeated_ = wants_fresh_ = true;
    timer_.Enter(Phase::kQueue, now);
    return Action::kAcquire;
  }
  return Finish(std::move(error), now);
}

Transaction::Action Transaction::Finish(std::optional<Error> error, TimePoint now) {
  timer_.Finish(now);
  error_ = std::move(error);
  return Action::kDone;
}

}  // namespace assay
