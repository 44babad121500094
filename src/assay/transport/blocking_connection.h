// What is done with a connection by a thread that waits.
//
// The socket does not block and every wait is a poll() up to a deadline, so nothing
// hangs beyond it, however slowly a server dribbles. Not thread-safe. Internal to
// transport and engines: it includes Asio and OpenSSL.
#ifndef ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
#define ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_

#include <optional>

#include "assay/transport/interrupt.h"
#include "assay/transport/tcp_socket.h"
#include "assay/transport/transaction.h"

namespace assay {

class BlockingConnection {
 public:
  using Action = Transaction::Action;

  // `tls` outlives the connection.
  explicit BlockingConnection(TlsContext& tls) : tls_context_(tls) {}
  ~BlockingConnection() { Close(); }

  // Says farewell where that is due.
  void Close() noexcept;

  // Closed by the server while it was idle?
  bool LooksClosed() const noexcept { return assay::LooksClosed(socket_.fd(), secure_); }

  // Goes on with `transaction`, which gets this connection, until it needs another one or
  // is done. `connected`: the connection stands.
  Action Perform(Transaction& transaction, bool connected, const Interrupt& interrupt,
                 TimePoint now);

 private:
  struct Ready {
    short events;                     // as poll() says
    std::optional<Action> instead{};  // patience has ended
  };

  Action Connect(Transaction& transaction, const Interrupt& interrupt);
  Action Send(Transaction& transaction, const Interrupt& interrupt);
  Action Receive(Transaction& transaction, const Interrupt& interrupt);
  Action Read(Transaction& transaction);
  Ready Wait(short events, Transaction& transaction, const Interrupt& interrupt, TimePoint now);
  TlsSession* Session() noexcept { return secure_ ? &*tls_ : nullptr; }

  TlsContext& tls_context_;
  TcpSocket socket_;
  std::optional<TlsSession> tls_;
  bool secure_ = false;  // the open connection speaks TLS
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
