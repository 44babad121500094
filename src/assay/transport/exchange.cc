#include "assay/transport/exchange.h"

#include "assay/transport/socket_error.h"
#include "assay/transport/tls_receive.h"

namespace assay {

Result<Exchange::Step> Exchange::Begin(const WireRequest& request, const BodyTarget* target,
                                       const Origin& origin, TlsSession* tls, bool fresh,
                                       TimePoint now) {
  writer_.Start(request);
  reader_.Start(
      request.method,
      {.target = target, .decode = decode_, .drop_redirect_bodies = drop_redirect_bodies_});
  connect_only_ = request.head.empty();
  origin_ = &origin;
  tls_ = tls;
  handshaking_ = tls != nullptr && fresh;
  reusable_ = gave_up_sending_ = false;
  continue_by_ = Deadline::Never();
  if (tls != nullptr && !ciphertext_) ciphertext_.reset(new char[kTlsReceiveBytes]);
  if (!handshaking_) {
    timer_.Enter(Phase::kSend, now);
    return Write(now);
  }
  timer_.Enter(Phase::kTls, now);
  if (auto started = tls->Start(origin.host, origin.port); !started) {
    return Named(std::move(started).error());
  }
  return Handshake(now);
}

Result<Exchange::Step> Exchange::Handshake(TimePoint now) {
  auto done = tls_->Handshake();
  if (!done) return Named(std::move(done).error());
  if (*done) {
    handshaking_ = false;
    timer_.Enter(Phase::kSend, now);
    return Write(now);  // behind the end of the handshake, in one go
  }
  output_ = tls_->Output();
  return output_.empty() ? Step::kReceive : Step::kSend;
}

// What is to be sent next, if anything.
Result<Exchange::Step> Exchange::Write(TimePoint now) {
  auto text = writer_.Output();
  if (!text) return std::move(text).error();
  if (tls_ == nullptr) {
    output_ = *text;
  } else {
    if (!text->empty()) {
      auto taken = tls_->Encrypt(*text);
      if (!taken) return Named(std::move(taken).error());
      writer_.Sent(*taken);
    }
    output_ = tls_->Output();
  }
  if (!output_.empty()) return Step::kSend;
  if (connect_only_) {
    reusable_ = true;
    return Step::kComplete;
  }
  if (writer_.awaiting_continue()) {
    if (continue_by_.never()) continue_by_ = Deadline::After(now, expect_timeout_);
  } else {
    timer_.Enter(Phase::kReceive, now);
  }
  return Step::kReceive;
}

Result<Exchange::Step> Exchange::Sent(std::size_t bytes, TimePoint now) {
  if (tls_ == nullptr) {
    writer_.Sent(bytes);
    return Write(now);
  }
  tls_->Sent(bytes);
  output_ = tls_->Output();
  if (!output_.empty()) return Step::kSend;
  return handshaking_ || timer_.phase() != Phase::kSend ? Step::kReceive : Write(now);
}

std::span<char> Exchange::Input() {
  return tls_ == nullptr ? reader_.Space() : std::span(ciphertext_.get(), kTlsReceiveBytes);
}

Result<Exchange::Step> Exchange::Received(std::size_t bytes, TimePoint now) {
  if (handshaking_) {
    tls_->Feed({ciphertext_.get(), bytes});
    return Handshake(now);
  }
  auto progress = tls_ != nullptr ? ReceiveTls(*tls_, reader_, {ciphertext_.get(), bytes})
                  : bytes > 0     ? reader_.Commit(bytes)
                                  : reader_.Close();
  if (!progress) return Named(std::move(progress).error());
  if (reader_.received() && timer_.phase() != Phase::kSend) timer_.Received(now);
  if (*progress == ResponseReader::Progress::kComplete) return Complete();
  if (writer_.awaiting_continue() && reader_.continue_received()) return ContinueAnyway(now);
  if (tls_ != nullptr && !gave_up_sending_) output_ = tls_->Output();
  return output_.empty() ? Step::kReceive : Step::kSend;
}

// A server that has answered before it was asked in full may take the rest for the next request.
Result<Exchange::Step> Exchange::Complete() noexcept {
  reusable_ = reader_.keep_alive() && writer_.done() && output_.empty() && !gave_up_sending_;
  return Step::kComplete;
}

bool Exchange::GiveUpSending(TimePoint now) noexcept {
  if (timer_.phase() != Phase::kSend) return false;
  gave_up_sending_ = true;
  output_ = {};
  timer_.Enter(Phase::kReceive, now);
  return true;
}

Result<Exchange::Step> Exchange::ContinueAnyway(TimePoint now) {
  continue_by_ = Deadline::Never();
  writer_.Continue();
  return Write(now);
}

Error Exchange::Named(Error error) const {
  return InPhase(timer_.phase(), origin_->authority, std::move(error));
}

}  // namespace assay
