// One request at a time on an event loop: connect, send, receive, next.
//
// A state machine whose object lives as long as the engine, so that a request
// costs no allocation of its own. All calls come from the loop's thread.
// Internal to engines: it includes Asio.
#ifndef ASSAY_ENGINES_ASYNC_SLOT_H_
#define ASSAY_ENGINES_ASYNC_SLOT_H_

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "assay/engines/result_writer.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/socket_error.h"

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
  AsyncSlot(boost::asio::io_context& context, const EngineOptions& options);

  // Takes requests from `run`, which outlives the loop, until there are none.
  void Begin(AsyncRun& run);

  // Never() while nothing is in flight.
  Deadline deadline() const noexcept { return deadline_; }

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
    Socket socket;
    ResponseReader reader;
  };

  void Next();
  void Connect();
  void ConnectToEndpoint();
  void OnConnected(const SystemError& ec);
  void Send();
  void OnSent(const SystemError& ec);
  void Receive();
  void OnReceived(const SystemError& ec, std::size_t bytes);
  void Fail(Phase phase, const SystemError& ec);
  void Finish(std::optional<Error> error);

  boost::asio::io_context& context_;
  EngineOptions options_;
  std::deque<Connection> connections_;  // by origin index

  AsyncRun* run_ = nullptr;
  const PreparedWorkload::Item* item_ = nullptr;
  Connection* connection_ = nullptr;
  std::size_t endpoint_ = 0;  // of the origin, while connecting
  TimePoint started_;
  Deadline deadline_ = Deadline::Never();
  bool expired_ = false;
  std::uint64_t connections_opened_ = 0;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_ASYNC_SLOT_H_
