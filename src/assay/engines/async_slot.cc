#include "assay/engines/async_slot.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace assay {

namespace asio = boost::asio;

AsyncSlot::AsyncSlot(asio::io_context& context, const EngineOptions& options)
    : context_(context), options_(options) {}

void AsyncSlot::Begin(AsyncRun& run) {
  run_ = &run;
  while (connections_.size() < run.origins.size()) {
    connections_.emplace_back(context_, options_.connection);
  }
  Next();
}

void AsyncSlot::Expire() {
  expired_ = true;
  deadline_ = Deadline::Never();
  SystemError ignored;
  connection_->socket.close(ignored);  // the pending operation ends with operation_aborted
}

// A loop, because a refused request ends at once and must not nest the next one.
void AsyncSlot::Next() {
  static const Response kNoResponse;
  for (;;) {
    started_ = SteadyClock().Now();
    item_ = run_->workload.Take(started_);
    if (item_ == nullptr) {
      deadline_ = Deadline::Never();
      if (--run_->active_slots == 0) run_->timer.cancel();
      return;
    }
    if (!item_->refused) break;
    run_->writer.Write(*item_, started_, SteadyClock().Now(), kNoResponse, item_->refused);
  }
  expired_ = false;
  deadline_ = Deadline::After(started_, options_.connection.timeout);
  connection_ = &connections_[item_->origin];
  connection_->reader.Start(item_->method);
  if (connection_->socket.is_open()) {
    Send();
  } else {
    Connect();
  }
}

void AsyncSlot::Connect() {
  ++connections_opened_;
  endpoint_ = 0;
  ConnectToEndpoint();
}

// The origin's addresses in turn; the failure of the last one is reported.
void AsyncSlot::ConnectToEndpoint() {
  const auto& endpoint = run_->origins[item_->origin].value().endpoints[endpoint_];
  Socket& socket = connection_->socket;
  SystemError ec;
  socket.open(endpoint.protocol(), ec);
  if (!ec) socket.non_blocking(true, ec);
  if (!ec) socket.set_option(asio::ip::tcp::no_delay(true), ec);
  if (ec) return OnConnected(ec);
  socket.async_connect(endpoint, [this](const SystemError& error) { OnConnected(error); });
}

void AsyncSlot::OnConnected(const SystemError& ec) {
  if (!ec) return Send();
  const bool last = ++endpoint_ == run_->origins[item_->origin].value().endpoints.size();
  if (last || expired_) return Fail(Phase::kConnect, ec);
  SystemError ignored;
  connection_->socket.close(ignored);
  ConnectToEndpoint();
}

// A small request nearly always fits into the socket's buffer: writing at once
// saves a pass through the loop.
void AsyncSlot::Send() {
  SystemError ec;
  const std::size_t sent = connection_->socket.send(asio::buffer(item_->text), 0, ec);
  if (ec && ec != asio::error::would_block) return Fail(Phase::kSend, ec);
  if (sent == item_->text.size()) return Receive();
  asio::async_write(connection_->socket, asio::buffer(item_->text) + sent,
                    [this](const SystemError& error, std::size_t) { OnSent(error); });
}

void AsyncSlot::OnSent(const SystemError& ec) {
  if (ec) return Fail(Phase::kSend, ec);
  Receive();
}

void AsyncSlot::Receive() {
  const std::span<char> space = connection_->reader.Space();
  connection_->socket.async_read_some(
      asio::buffer(space.data(), space.size()),
      [this](const SystemError& ec, std::size_t bytes) { OnReceived(ec, bytes); });
}

void AsyncSlot::OnReceived(const SystemError& ec, std::size_t bytes) {
  if (ec && ec != asio::error::eof) return Fail(Phase::kReceive, ec);
  ResponseReader& reader = connection_->reader;
  auto progress = ec ? reader.Close() : reader.Commit(bytes);
  if (!progress) return Finish(std::move(progress).error());
  if (*progress == ResponseReader::Progress::kMore) return Receive();
  Finish(std::nullopt);
}

void AsyncSlot::Fail(Phase phase, const SystemError& ec) {
  const std::string& authority = run_->origins[item_->origin].value().authority;
  Finish(expired_ ? TimeoutError(phase, authority, options_.connection.timeout)
                  : SocketError(phase, authority, ec));
}

void AsyncSlot::Finish(std::optional<Error> error) {
  const bool reusable = connection_->reader.keep_alive() && options_.pooling == Pooling::kPooled;
  if (!reusable) {
    SystemError ignored;
    connection_->socket.close(ignored);
  }
  run_->writer.Write(*item_, started_, SteadyClock().Now(), connection_->reader.response(),
                     std::move(error));
  Next();
}

}  // namespace assay
