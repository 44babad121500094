// One connection for one thread that waits, with TLS or without.
//
// The socket is non-blocking underneath and every wait is a poll() up to the
// deadline, so nothing hangs beyond it, however slowly a server dribbles. Not
// thread-safe. Internal to transport and engines: it includes Asio and OpenSSL.
#ifndef ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
#define ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string_view>

#include "assay/core/result.h"
#include "assay/http/method.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/origin.h"
#include "assay/transport/phase_timer.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

// What Asio wants for its sockets, although nothing ever runs on it; one serves
// many connections and outlives them. Takes its descriptors when it is made, so
// that a connection needs none but its own. Throws std::system_error.
class BlockingContext : public boost::asio::io_context {
 public:
  BlockingContext() { const boost::asio::ip::tcp::socket starts_the_reactor(*this); }
};

class BlockingConnection {
 public:
  // `context` and `tls` outlive the connection.
  BlockingConnection(BlockingContext& context, const ConnectionOptions& options, TlsContext& tls);
  ~BlockingConnection() { Close(); }

  // Tries the origin's addresses in turn; the last failure is reported. `timer` has
  // been started in kConnect.
  Result<Done> Connect(const Origin& origin, PhaseTimer& timer);

  // Sends `text` and reads the whole response into response(). Closes the
  // connection on any error and when it may not be used again. `timer` has been
  // started; after success its now() is the end of the response.
  Result<Done> Exchange(std::string_view text, Method method, PhaseTimer& timer);

  bool open() const noexcept { return socket_.is_open(); }
  void Close() noexcept;
  const Response& response() const noexcept { return reader_.response(); }

 private:
  using Progress = ResponseReader::Progress;

  Result<Done> ConnectTo(const boost::asio::ip::tcp::endpoint& endpoint, const PhaseTimer& timer);
  Result<Done> Handshake(const Origin& origin, PhaseTimer& timer);
  Result<Done> Send(std::string_view text, const PhaseTimer& timer);
  Result<Done> Write(std::string_view bytes, const PhaseTimer& timer);
  Result<Done> Flush(const PhaseTimer& timer);
  Result<Done> Receive(PhaseTimer& timer);
  Result<Progress> ReadPlain(Phase phase);
  Result<Progress> ReadTls(Phase phase);
  bool WaitUntil(short events, Deadline deadline, TimePoint now);

  TlsContext& tls_context_;
  boost::asio::ip::tcp::socket socket_;
  ResponseReader reader_;
  std::optional<TlsSession> tls_;
  bool secure_ = false;  // the open connection speaks TLS
  std::string authority_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
