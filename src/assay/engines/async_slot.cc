#include "assay/engines/async_slot.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace assay {

namespace asio = boost::asio;

boost::system::error_code AsyncConnection::Open(const asio::ip::tcp& protocol) {
  Close();
  boost::system::error_code ec;
  socket_.open(protocol, ec);
  if (!ec) socket_.non_blocking(true, ec);
  if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  return ec;
}

void AsyncConnection::Close() noexcept {
  boost::system::error_code ignored;
  if (secure_) {
    tls_.SayFarewell();
    socket_.send(asio::buffer(tls_.Output()), 0, ignored);
    tls_.Stop();
  }
  secure_ = false;
  socket_.close(ignored);
}

std::optional<Transaction::Action> AsyncSlot::Connect() {
  const auto& endpoint = transaction().endpoint();
  if (const SystemError ec = connection().Open(endpoint.protocol())) {
    return transaction().Fail(ec, SteadyClock().Now());
  }
  Begun();
  connection().socket().async_connect(endpoint, [this](const SystemError& ec) { OnConnected(ec); });
  return std::nullopt;
}

void AsyncSlot::OnConnected(const SystemError& ec) {
  if (Back()) return;
  const TimePoint now = SteadyClock().Now();
  if (ec) return Perform(transaction().Fail(ec, now));
  connection().Secure(transaction().origin().tls);
  Perform(transaction().Connected(connection().session(), now));
}

// A small request nearly always fits into the socket's buffer: writing at once saves a
// pass through the loop.
std::optional<Transaction::Action> AsyncSlot::Send() {
  if (sending_) return Receive();
  AsyncConnection::Socket& socket = connection().socket();
  SystemError ec;
  const std::size_t sent = socket.send(asio::buffer(transaction().Output()), 0, ec);
  const TimePoint now = SteadyClock().Now();
  if (!ec) return transaction().Sent(sent, now);
  if (ec != asio::error::would_block) return transaction().Fail(ec, now);
  sending_ = true;
  Begun();
  socket.async_wait(AsyncConnection::Socket::wait_write,
                    [this](const SystemError& error) { OnWritable(error); });
  return Receive();  // the server may have something to say before it has heard everything
}

void AsyncSlot::OnWritable(const SystemError& ec) {
  sending_ = false;
  if (Back()) return;
  Perform(ec ? transaction().Fail(ec, SteadyClock().Now()) : Action::kSend);
}

std::optional<Transaction::Action> AsyncSlot::Receive() {
  if (receiving_) return std::nullopt;
  receiving_ = true;
  Begun();
  const std::span<char> space = transaction().Input();
  connection().socket().async_read_some(
      asio::buffer(space.data(), space.size()),
      [this](const SystemError& ec, std::size_t bytes) { OnReceived(ec, bytes); });
  return std::nullopt;
}

void AsyncSlot::OnReceived(const SystemError& ec, std::size_t bytes) {
  receiving_ = false;
  if (Back()) return;
  const TimePoint now = SteadyClock().Now();
  if (ec && ec != asio::error::eof) return Perform(transaction().Fail(ec, now));
  Perform(transaction().Received(bytes, now));
}

}  // namespace assay
