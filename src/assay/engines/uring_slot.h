// One request at a time on an io_uring: connect, send and receive go to the kernel
// as one chain, of which only the end comes back.
//
// A chain completes once: with what was received, or with the operation that
// failed, since the kernel drops what is linked behind a failure. All calls come
// from the ring's thread. Internal to engines: it includes Asio and liburing.
#ifndef ASSAY_ENGINES_URING_SLOT_H_
#define ASSAY_ENGINES_URING_SLOT_H_

#include <boost/asio/ip/tcp.hpp>
#include <deque>

#include "assay/engines/result_writer.h"
#include "assay/engines/uring_ring.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/socket_error.h"

namespace assay {

// What the slots of one run share.
struct UringRun {
  PreparedWorkload& workload;
  const OriginTable& origins;
  ResultWriter& writer;
  UringRing& ring;
  int active_slots;
};

class UringSlot {
 public:
  // Completions come back with `tag` + the phase they are of; it is a multiple of 8.
  UringSlot(const EngineOptions& options, std::uint64_t tag) : options_(options), tag_(tag) {}

  // Takes requests from `run`, which outlives the loop, until there are none.
  void Begin(UringRun& run);

  // The chain of operations has ended in `phase`.
  void OnCompletion(Phase phase, int result);

  // Never() while nothing is in flight.
  Deadline deadline() const noexcept { return deadline_; }

  // Aborts the request in flight; its result will be kTimeout.
  void Expire() noexcept;

  std::uint64_t connections_opened() const noexcept { return connections_opened_; }

 private:
  struct Connection {
    explicit Connection(const ConnectionOptions& options) : reader(options) {}
    ~Connection() { Close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void Close() noexcept;

    int fd = -1;
    ResponseReader reader;
  };

  void Next();
  std::optional<Error> Start();
  std::optional<Error> Connect();
  int OpenSocket(int family);
  void QueueConnect(const boost::asio::ip::tcp::endpoint& endpoint);
  void QueueSend();
  void QueueReceive(unsigned short flags);
  void Link(io_uring_sqe* operation, Phase phase) const noexcept;
  void OnConnectFailed(int error);
  void OnReceived(std::size_t bytes);
  void Fail(Phase phase, int error);
  void Finish(std::optional<Error> error);

  EngineOptions options_;
  std::uint64_t tag_;
  std::deque<Connection> connections_;  // by origin index

  UringRun* run_ = nullptr;
  const PreparedWorkload::Item* item_ = nullptr;
  Connection* connection_ = nullptr;
  std::size_t endpoint_ = 0;  // of the origin, while connecting
  std::size_t sent_ = 0;      // bytes of the request
  TimePoint started_;
  Deadline deadline_ = Deadline::Never();
  bool expired_ = false;
  std::uint64_t connections_opened_ = 0;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_URING_SLOT_H_
