// One request at a time on an event loop: connect, send, receive, next.
//
// A state machine whose object lives as long as the engine, so that a request
// costs no allocation of its own. All calls come from the loop's thread.
// Internal to engines: it includes Asio and OpenSSL.
#ifndef ASSAY_ENGINES_ASYNC_SLOT_H_
#define ASSAY_ENGINES_ASYNC_SLOT_H_

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <string_view>

#include "assay/engines/result_writer.h"
#include "assay/transport/phase_timer.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

// The concrete executor spares every operation a type-erased call.
using LoopTimer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>;

// What the slots of one run share.
struct AsyncRun {
  PreparedWorkload& workload;
  const OriginTable& origins;
  ResultWriter& writer;
  int active_slots;  // the last one to end cancels `timer`
  LoopTimer& timer;  // watches the deadlines
};

class AsyncSlot {
 public:
  // `context` and `tls` outlive the slot.
  AsyncSlot(boost::asio::io_context& context, TlsContext& tls, const EngineOptions& options);

  // Takes requests from `run`, which outlives the loop, until there are none.
  void Begin(AsyncRun& run);

  // Never() while nothing is in flight.
  Deadline deadline() const noexcept {
    return item_ == nullptr || expired_ ? Deadline::Never() : timer_.deadline();
  }

  // Aborts the request in flight; its result will be kTimeout.
  void Expire();

  std::uint64_t connections_opened() const noexcept { return connections_opened_; }

 private:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                  boost::asio::io_context::executor_type>;
  using SystemError = boost::system::error_code;

  struct Connection {
    Connection(boost::asio::io_context& context, const ConnectionOptions& options)
        : socket(context), reader(options) {}
    ~Connection() { Close(); }
    void Close() noexcept;

    Socket socket;
    ResponseReader reader;
    std::optional<TlsSession> tls{};
    bool secure = false;  // the open connection speaks TLS
  };

  void Next();
  void Connect();
  void ConnectToEndpoint();
  void OnConnected(const SystemError& ec);
  void Send();
  void OnSent(const SystemError& ec);
  void BeginToReceive();
  void Receive();
  void OnReceived(const SystemError& ec, std::size_t bytes);
  void OnProgress(Result<ResponseReader::Progress> progress);
  void Fail(const SystemError& ec);
  void Finish(std::optional<Error> error);
  const Origin& origin() const { return run_->origins[item_->origin].value(); }

  // The same through TLS (async_slot_tls.cc).
  void BeginHandshake();
  void Handshake();
  void EndHandshake();
  void SendThroughTls();
  bool Flush(void (AsyncSlot::*then)());
  void WaitForTls();
  void OnReadable(const SystemError& ec);
  void FailTls(Error error);

  boost::asio::io_context& context_;
  TlsContext& tls_context_;
  EngineOptions options_;
  std::deque<Connection> connections_;  // by origin index

  AsyncRun* run_ = nullptr;
  const PreparedWorkload::Item* item_ = nullptr;
  Connection* connection_ = nullptr;
  std::size_t endpoint_ = 0;   // of the origin, while connecting
  std::string_view unsent_{};  // of the item's text, through TLS only
  TimePoint started_;
  PhaseTimer timer_;
  bool expired_ = false;
  std::uint64_t connections_opened_ = 0;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_ASYNC_SLOT_H_
