#include "assay/transport/blocking_connection.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>

#include "assay/transport/socket_error.h"
#include "assay/transport/tls_receive.h"

namespace assay {

namespace asio = boost::asio;
using boost::system::error_code;

BlockingConnection::BlockingConnection(BlockingContext& context, const ConnectionOptions& options,
                                       TlsContext& tls)
    : tls_context_(tls), socket_(context), reader_(options) {}

void BlockingConnection::Close() noexcept {
  error_code ignored;
  if (secure_) {
    tls_->SayFarewell();
    const std::string_view farewell = tls_->Output();
    socket_.send(asio::buffer(farewell), 0, ignored);
    tls_->Stop();
  }
  secure_ = false;
  socket_.close(ignored);
}

// False once the deadline has passed. Errors on the socket count as ready: the next call names
// them.
bool BlockingConnection::WaitUntil(short events, Deadline deadline, TimePoint now) {
  for (;; now = SteadyClock().Now()) {
    const Duration left = deadline.Remaining(now);
    if (left == Duration::zero()) return false;
    const Duration bounded = std::min<Duration>(left, std::chrono::hours(1));
    const timespec time{bounded.count() / 1'000'000'000, bounded.count() % 1'000'000'000};
    pollfd fd{socket_.native_handle(), events, 0};
    if (::ppoll(&fd, 1, &time, nullptr) > 0) return true;
  }
}

Result<Done> BlockingConnection::Connect(const Origin& origin, PhaseTimer& timer) {
  authority_ = origin.authority;
  reader_.Start(Method::kGet);  // a connect that fails leaves no response behind
  Result<Done> result = Done{};
  for (const auto& endpoint : origin.endpoints) {
    result = ConnectTo(endpoint, timer);
    if (result.ok()) break;
    Close();
  }
  if (!result || !origin.tls) return result;
  result = Handshake(origin, timer);
  if (!result) Close();
  return result;
}

Result<Done> BlockingConnection::ConnectTo(const asio::ip::tcp::endpoint& endpoint,
                                           const PhaseTimer& timer) {
  error_code ec;
  socket_.open(endpoint.protocol(), ec);
  if (!ec) socket_.non_blocking(true, ec);
  if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (ec) return SocketError(Phase::kConnect, authority_, ec);

  // Asio's connect() would wait for ever; the raw call returns at once.
  if (::connect(socket_.native_handle(), endpoint.data(),
                static_cast<socklen_t>(endpoint.size())) == 0) {
    return Done{};
  }
  if (errno != EINPROGRESS) {
    return SocketError(Phase::kConnect, authority_, {errno, boost::system::system_category()});
  }
  if (!WaitUntil(POLLOUT, timer.deadline(), SteadyClock().Now())) return timer.Expired(authority_);
  int failure = 0;
  socklen_t size = sizeof(failure);
  ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure == 0) return Done{};
  return SocketError(Phase::kConnect, authority_, {failure, boost::system::system_category()});
}

Result<Done> BlockingConnection::Handshake(const Origin& origin, PhaseTimer& timer) {
  timer.Enter(Phase::kTls, SteadyClock().Now());
  if (!tls_) tls_.emplace(tls_context_);
  secure_ = true;
  if (auto started = tls_->Start(origin.host, origin.port); !started) {
    return InPhase(Phase::kTls, authority_, std::move(started).error());
  }
  std::array<char, kTlsReceiveBytes> received;
  for (;;) {
    auto done = tls_->Handshake();
    auto flushed = Flush(timer);  // where it failed, this is the alert that says why
    if (!done) return InPhase(Phase::kTls, authority_, std::move(done).error());
    if (!flushed || *done) return flushed;
    if (!WaitUntil(POLLIN, timer.deadline(), SteadyClock().Now())) {
      return timer.Expired(authority_);
    }
    error_code ec;
    const std::size_t bytes = socket_.receive(asio::buffer(received), 0, ec);
    if (ec == asio::error::would_block) continue;
    if (ec && ec != asio::error::eof) return SocketError(Phase::kTls, authority_, ec);
    tls_->Feed({received.data(), bytes});
  }
}

Result<Done> BlockingConnection::Exchange(std::string_view text, Method method, PhaseTimer& timer) {
  reader_.Start(method);
  if (timer.phase() != Phase::kSend) timer.Enter(Phase::kSend, SteadyClock().Now());
  Result<Done> result = Send(text, timer);
  if (result.ok()) result = Receive(timer);
  if (!reader_.keep_alive()) Close();  // nor may it after an error
  return result;
}

Result<Done> BlockingConnection::Send(std::string_view text, const PhaseTimer& timer) {
  if (!secure_) return Write(text, timer);
  while (!text.empty()) {
    auto taken = tls_->Encrypt(text);
    if (!taken) return InPhase(Phase::kSend, authority_, std::move(taken).error());
    text.remove_prefix(*taken);
    if (auto flushed = Flush(timer); !flushed) return flushed;
  }
  return Done{};
}

Result<Done> BlockingConnection::Flush(const PhaseTimer& timer) {
  const std::string_view output = tls_->Output();
  auto written = Write(output, timer);
  if (written.ok()) tls_->Sent(output.size());
  return written;
}

Result<Done> BlockingConnection::Write(std::string_view bytes, const PhaseTimer& timer) {
  while (!bytes.empty()) {
    error_code ec;
    bytes.remove_prefix(socket_.send(asio::buffer(bytes), 0, ec));
    if (ec == asio::error::would_block) {
      if (WaitUntil(POLLOUT, timer.deadline(), SteadyClock().Now())) continue;
      return timer.Expired(authority_);
    }
    if (ec) return SocketError(timer.phase(), authority_, ec);
  }
  return Done{};
}

Result<Done> BlockingConnection::Receive(PhaseTimer& timer) {
  const SteadyClock clock;
  timer.Enter(Phase::kReceive, clock.Now());
  TimePoint now = timer.now();
  for (;;) {
    // The answer is never there yet, so waiting first saves a failing read.
    if (!WaitUntil(POLLIN, timer.deadline(), now)) return timer.Expired(authority_);
    auto progress = secure_ ? ReadTls(timer.phase()) : ReadPlain(timer.phase());
    if (!progress) return std::move(progress).error();
    now = clock.Now();
    if (reader_.received()) timer.Received(now);
    if (*progress == Progress::kComplete) return Done{};
  }
}

Result<ResponseReader::Progress> BlockingConnection::ReadPlain(Phase phase) {
  const std::span<char> space = reader_.Space();
  error_code ec;
  const std::size_t bytes = socket_.receive(asio::buffer(space.data(), space.size()), 0, ec);
  if (!ec) return reader_.Commit(bytes);
  if (ec == asio::error::would_block) return Progress::kMore;
  if (ec == asio::error::eof) return reader_.Close();
  return SocketError(phase, authority_, ec);
}

Result<ResponseReader::Progress> BlockingConnection::ReadTls(Phase phase) {
  std::array<char, kTlsReceiveBytes> received;
  error_code ec;
  const std::size_t bytes = socket_.receive(asio::buffer(received), 0, ec);
  if (ec == asio::error::would_block) return Progress::kMore;
  if (ec && ec != asio::error::eof) return SocketError(phase, authority_, ec);
  auto progress = ReceiveTls(*tls_, reader_, {received.data(), bytes});
  if (!progress && progress.error().code == ErrorCode::kTlsFailed) {
    return InPhase(phase, authority_, std::move(progress).error());
  }
  return progress;
}

}  // namespace assay
