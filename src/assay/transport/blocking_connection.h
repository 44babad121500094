// One connection for one thread that waits.
//
// The socket is non-blocking underneath and every wait is a poll() up to the
// deadline, so nothing hangs beyond it, however slowly a server dribbles. Not
// thread-safe. Internal to transport and engines: it includes Asio.
#ifndef ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
#define ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string_view>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/http/method.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/origin.h"
#include "assay/transport/response_reader.h"

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
  BlockingConnection(BlockingContext& context, const ConnectionOptions& options);

  // Tries the origin's addresses in turn; the last failure is reported.
  Result<Done> Connect(const Origin& origin, Deadline deadline);

  // Sends `text` and reads the whole response into response(). Closes the
  // connection on any error and when it may not be used again.
  Result<Done> Exchange(std::string_view text, Method method, Deadline deadline);

  bool open() const noexcept { return socket_.is_open(); }
  void Close() noexcept;
  const Response& response() const noexcept { return reader_.response(); }

 private:
  Result<Done> ConnectTo(const boost::asio::ip::tcp::endpoint& endpoint, Deadline deadline);
  Result<Done> Send(std::string_view text, Deadline deadline);
  Result<Done> Receive(Deadline deadline);
  bool WaitUntil(short events, Deadline deadline);

  ConnectionOptions options_;
  boost::asio::ip::tcp::socket socket_;
  ResponseReader reader_;
  std::string authority_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_BLOCKING_CONNECTION_H_
