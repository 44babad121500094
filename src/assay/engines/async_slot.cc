#include "assay/engines/async_slot.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "assay/transport/socket_error.h"

namespace assay {

namespace asio = boost::asio;

AsyncSlot::AsyncSlot(asio::io_context& context, TlsContext& tls, const EngineOptions& options)
    : context_(context), tls_context_(tls), options_(options), timer_(options.connection) {}

void AsyncSlot::Begin(AsyncRun& run) {
  run_ = &run;
  while (connections_.size() < run.origins.size()) {
    connections_.emplace_back(context_, options_.connection);
  }
  Next();
}

void AsyncSlot::Expire() {
  expired_ = true;
  connection_->Close();  // the pending operation ends with operation_aborted
}

// A loop, because a refused request ends at once and must not nest the next one.
void AsyncSlot::Next() {
  static const Response kNoResponse;
  for (;;) {
    started_ = SteadyClock().Now();
    item_ = run_->workload.Take(started_);
    if (item_ == nullptr) {
      if (--run_->active_slots == 0) run_->timer.cancel();
      return;
    }
    if (!item_->refused) break;
    run_->writer.Write(*item_, started_, started_, kNoResponse, item_->refused);
  }
  expired_ = false;
  connection_ = &connections_[item_->origin];
  connection_->reader.Start(item_->method);
  if (connection_->socket.is_open()) {
    timer_.Start(Phase::kSend, started_);
    Send();
  } else {
    timer_.Start(Phase::kConnect, started_);
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
  const auto& endpoint = origin().endpoints[endpoint_];
  Socket& socket = connection_->socket;
  SystemError ec;
  socket.open(endpoint.protocol(), ec);
  if (!ec) socket.non_blocking(true, ec);
  if (!ec) socket.set_option(asio::ip::tcp::no_delay(true), ec);
  if (ec) return OnConnected(ec);
  socket.async_connect(endpoint, [this](const SystemError& error) { OnConnected(error); });
}

void AsyncSlot::OnConnected(const SystemError& ec) {
  if (!ec) {
    if (origin().tls) return BeginHandshake();
    timer_.Enter(Phase::kSend, SteadyClock().Now());
    return Send();
  }
  const bool last = ++endpoint_ == origin().endpoints.size();
  if (last || expired_) return Fail(ec);
  connection_->Close();
  ConnectToEndpoint();
}

// A small request nearly always fits into the socket's buffer: writing at once
// saves a pass through the loop.
void AsyncSlot::Send() {
  if (connection_->secure) {
    unsent_ = item_->text;
    return SendThroughTls();
  }
  SystemError ec;
  const std::size_t sent = connection_->socket.send(asio::buffer(item_->text), 0, ec);
  if (ec && ec != asio::error::would_block) return Fail(ec);
  if (sent == item_->text.size()) return BeginToReceive();
  asio::async_write(connection_->socket, asio::buffer(item_->text) + sent,
                    [this](const SystemError& error, std::size_t) { OnSent(error); });
}

void AsyncSlot::OnSent(const SystemError& ec) {
  if (ec) return Fail(ec);
  BeginToReceive();
}

void AsyncSlot::BeginToReceive() {
  timer_.Enter(Phase::kReceive, SteadyClock().Now());
  Receive();
}

void AsyncSlot::Receive() {
  if (connection_->secure) return WaitForTls();
  const std::span<char> space = connection_->reader.Space();
  connection_->socket.async_read_some(
      asio::buffer(space.data(), space.size()),
      [this](const SystemError& ec, std::size_t bytes) { OnReceived(ec, bytes); });
}

void AsyncSlot::OnReceived(const SystemError& ec, std::size_t bytes) {
  if (ec && ec != asio::error::eof) return Fail(ec);
  ResponseReader& reader = connection_->reader;
  OnProgress(ec ? reader.Close() : reader.Commit(bytes));
}

void AsyncSlot::OnProgress(Result<ResponseReader::Progress> progress) {
  if (!progress) return Finish(std::move(progress).error());
  if (connection_->reader.received()) timer_.Received(SteadyClock().Now());
  if (*progress == ResponseReader::Progress::kMore) return Receive();
  Finish(std::nullopt);
}

void AsyncSlot::Fail(const SystemError& ec) {
  const std::string& authority = origin().authority;
  Finish(expired_ ? timer_.Expired(authority) : SocketError(timer_.phase(), authority, ec));
}

void AsyncSlot::Finish(std::optional<Error> error) {
  if (error) timer_.Finish(SteadyClock().Now());
  const bool reusable = connection_->reader.keep_alive() && options_.pooling == Pooling::kPooled;
  if (!reusable) {
    connection_->Close();
    if (connection_->tls) connection_->tls->Stop();
  }
  run_->writer.Write(*item_, started_, timer_.now(), connection_->reader.response(),
                     std::move(error), timer_.phases());
  Next();
}

void AsyncSlot::Connection::Close() noexcept {
  SystemError ignored;
  if (secure) {
    tls->SayFarewell();
    const std::string_view farewell = tls->Output();
    socket.send(asio::buffer(farewell), 0, ignored);
  }
  secure = false;
  socket.close(ignored);
}

}  // namespace assay
