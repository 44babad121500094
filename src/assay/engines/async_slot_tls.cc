// The part of AsyncSlot that speaks TLS.
//
// What has to be received is waited for and then read onto the stack, so that an
// idle connection keeps no buffer for what is still encrypted.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "assay/engines/async_slot.h"
#include "assay/transport/socket_error.h"
#include "assay/transport/tls_receive.h"

namespace assay {

namespace asio = boost::asio;

void AsyncSlot::BeginHandshake() {
  timer_.Enter(Phase::kTls, SteadyClock().Now());
  if (!connection_->tls) connection_->tls.emplace(tls_context_);
  connection_->secure = true;
  auto started = connection_->tls->Start(origin().host, origin().port);
  if (!started) return FailTls(std::move(started).error());
  Handshake();
}

void AsyncSlot::Handshake() {
  auto done = connection_->tls->Handshake();
  if (!done) return FailTls(std::move(done).error());
  const auto next = *done ? &AsyncSlot::EndHandshake : &AsyncSlot::WaitForTls;
  if (Flush(next)) (this->*next)();
}

void AsyncSlot::EndHandshake() {
  timer_.Enter(Phase::kSend, SteadyClock().Now());
  Send();
}

void AsyncSlot::SendThroughTls() {
  while (!unsent_.empty()) {
    auto taken = connection_->tls->Encrypt(unsent_);
    if (!taken) return FailTls(std::move(taken).error());
    unsent_.remove_prefix(*taken);
    if (!Flush(&AsyncSlot::SendThroughTls)) return;
  }
  BeginToReceive();
}

// True when all that TLS has written is with the operating system; else goes on with
// `then` once it is, or the request has failed.
bool AsyncSlot::Flush(void (AsyncSlot::*then)()) {
  TlsSession& tls = *connection_->tls;
  while (!tls.Output().empty()) {
    SystemError ec;
    tls.Sent(connection_->socket.send(asio::buffer(tls.Output()), 0, ec));
    if (!ec) continue;
    if (ec != asio::error::would_block) {
      Fail(ec);
      return false;
    }
    asio::async_write(connection_->socket, asio::buffer(tls.Output()),
                      [this, then](const SystemError& error, std::size_t bytes) {
                        if (error) return Fail(error);
                        connection_->tls->Sent(bytes);
                        (this->*then)();
                      });
    return false;
  }
  return true;
}

void AsyncSlot::WaitForTls() {
  connection_->socket.async_wait(Socket::wait_read,
                                 [this](const SystemError& ec) { OnReadable(ec); });
}

void AsyncSlot::OnReadable(const SystemError& failed_wait) {
  if (failed_wait) return Fail(failed_wait);
  std::array<char, kTlsReceiveBytes> received;
  SystemError ec;
  const std::size_t bytes = connection_->socket.receive(asio::buffer(received), 0, ec);
  if (ec == asio::error::would_block) return WaitForTls();
  if (ec && ec != asio::error::eof) return Fail(ec);
  const std::string_view ciphertext(received.data(), bytes);
  TlsSession& tls = *connection_->tls;
  if (timer_.phase() == Phase::kTls) {
    tls.Feed(ciphertext);
    return Handshake();
  }
  auto progress = ReceiveTls(tls, connection_->reader, ciphertext);
  if (!progress && progress.error().code == ErrorCode::kTlsFailed) {
    return FailTls(std::move(progress).error());
  }
  OnProgress(std::move(progress));
}

// Closing the connection sends the alert that says why, if there is one.
void AsyncSlot::FailTls(Error error) {
  const std::string& authority = origin().authority;
  Finish(expired_ ? timer_.Expired(authority)
                  : InPhase(timer_.phase(), authority, std::move(error)));
}

}  // namespace assay
