#include "assay/transport/blocking_connection.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cerrno>

#include "assay/transport/socket_error.h"

namespace assay {

namespace asio = boost::asio;
using boost::system::error_code;

BlockingConnection::BlockingConnection(BlockingContext& context, const ConnectionOptions& options)
    : options_(options), socket_(context), reader_(options) {}

void BlockingConnection::Close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

// False once the deadline has passed. Errors on the socket count as ready: the next call names
// them.
bool BlockingConnection::WaitUntil(short events, Deadline deadline) {
  for (;;) {
    const Duration left = deadline.Remaining(SteadyClock().Now());
    if (left == Duration::zero()) return false;
    const Duration bounded = std::min<Duration>(left, std::chrono::hours(1));
    const timespec time{bounded.count() / 1'000'000'000, bounded.count() % 1'000'000'000};
    pollfd fd{socket_.native_handle(), events, 0};
    if (::ppoll(&fd, 1, &time, nullptr) > 0) return true;
  }
}

Result<Done> BlockingConnection::Connect(const Origin& origin, Deadline deadline) {
  authority_ = origin.authority;
  reader_.Start(Method::kGet);  // a connect that fails leaves no response behind
  Result<Done> result = Done{};
  for (const auto& endpoint : origin.endpoints) {
    result = ConnectTo(endpoint, deadline);
    if (result.ok()) return result;
    Close();
  }
  return result;
}

Result<Done> BlockingConnection::ConnectTo(const asio::ip::tcp::endpoint& endpoint,
                                           Deadline deadline) {
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
  if (!WaitUntil(POLLOUT, deadline)) {
    return TimeoutError(Phase::kConnect, authority_, options_.timeout);
  }
  int failure = 0;
  socklen_t size = sizeof(failure);
  ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &failure, &size);
  if (failure == 0) return Done{};
  return SocketError(Phase::kConnect, authority_, {failure, boost::system::system_category()});
}

Result<Done> BlockingConnection::Exchange(std::string_view text, Method method, Deadline deadline) {
  reader_.Start(method);
  Result<Done> result = Send(text, deadline);
  if (result.ok()) result = Receive(deadline);
  if (!reader_.keep_alive()) Close();  // nor may it after an error
  return result;
}

Result<Done> BlockingConnection::Send(std::string_view text, Deadline deadline) {
  while (!text.empty()) {
    error_code ec;
    text.remove_prefix(socket_.send(asio::buffer(text), 0, ec));
    if (ec == asio::error::would_block) {
      if (WaitUntil(POLLOUT, deadline)) continue;
      return TimeoutError(Phase::kSend, authority_, options_.timeout);
    }
    if (ec) return SocketError(Phase::kSend, authority_, ec);
  }
  return Done{};
}

Result<Done> BlockingConnection::Receive(Deadline deadline) {
  for (;;) {
    // The answer is never there yet, so waiting first saves a failing read.
    if (!WaitUntil(POLLIN, deadline)) {
      return TimeoutError(Phase::kReceive, authority_, options_.timeout);
    }
    const std::span<char> space = reader_.Space();
    error_code ec;
    const std::size_t bytes = socket_.receive(asio::buffer(space.data(), space.size()), 0, ec);
    if (ec == asio::error::would_block) continue;
    if (ec && ec != asio::error::eof) return SocketError(Phase::kReceive, authority_, ec);
    auto progress = ec ? reader_.Close() : reader_.Commit(bytes);
    if (!progress) return std::move(progress).error();
    if (*progress == ResponseReader::Progress::kComplete) return Done{};
  }
}

}  // namespace assay
