// One request at a time on an io_context.
//
// Internal to engines: it includes Asio and OpenSSL.
#ifndef ASSAY_ENGINES_ASYNC_SLOT_H_
#define ASSAY_ENGINES_ASYNC_SLOT_H_

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "assay/engines/loop_slot.h"

namespace assay {

class AsyncConnection {
 public:
  using Context = boost::asio::io_context;
  // The concrete executor spares every operation a type-erased call.
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Context::executor_type>;

  AsyncConnection(Context& context, TlsContext& tls) : socket_(context), tls_(tls) {}
  ~AsyncConnection() { Close(); }

  // A new socket in place of the one before.
  boost::system::error_code Open(const boost::asio::ip::tcp& protocol);
  void Close() noexcept;

  Socket& socket() noexcept { return socket_; }
  int fd() noexcept { return socket_.native_handle(); }
  void Secure(bool secure) noexcept { secure_ = secure; }
  bool secure() const noexcept { return secure_; }
  TlsSession* session() noexcept { return secure_ ? &tls_ : nullptr; }

 private:
  Socket socket_;
  TlsSession tls_;
  bool secure_ = false;  // the open connection speaks TLS
};

class AsyncSlot : public LoopSlot<AsyncSlot, AsyncConnection> {
 public:
  AsyncSlot(const EngineOptions& options, OriginTable& origins, ConnectionPool::Waiter number)
      : LoopSlot(options, origins, number) {}

 private:
  friend LoopSlot;
  using SystemError = boost::system::error_code;

  // Nothing: it is under way.
  std::optional<Action> Connect();
  std::optional<Action> Send();
  std::optional<Action> Receive();
  void Abort() { connection().Close(); }

  void OnConnected(const SystemError& ec);
  void OnWritable(const SystemError& ec);
  void OnReceived(const SystemError& ec, std::size_t bytes);

  bool sending_ = false;
  bool receiving_ = false;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_ASYNC_SLOT_H_
