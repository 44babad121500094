// One request at a time on an io_uring.
//
// A small request and its answer go to the kernel as one chain, of which only the end
// comes back; what is larger, or secured, goes in steps. Internal to engines: it
// includes Asio, OpenSSL and liburing.
#ifndef ASSAY_ENGINES_URING_SLOT_H_
#define ASSAY_ENGINES_URING_SLOT_H_

#include "assay/engines/loop_slot.h"
#include "assay/engines/uring_ring.h"

namespace assay {

class UringConnection {
 public:
  struct Context {};

  UringConnection(Context&, TlsContext& tls) : tls_(tls) {}
  ~UringConnection() { Close(); }

  void Close() noexcept;

  TcpSocket& socket() noexcept { return socket_; }
  int fd() const noexcept { return socket_.fd(); }
  void Secure(bool secure) noexcept { secure_ = secure; }
  bool secure() const noexcept { return secure_; }
  TlsSession* session() noexcept { return secure_ ? &tls_ : nullptr; }

 private:
  TcpSocket socket_;
  TlsSession tls_;
  bool secure_ = false;  // the open connection speaks TLS
};

class UringSlot : public LoopSlot<UringSlot, UringConnection> {
 public:
  enum class Operation { kConnect, kSend, kReceive };
  // Completions come back with the slot's number times this plus the operation.
  static constexpr std::uint64_t kTags = 8;

  UringSlot(const EngineOptions& options, OriginTable& origins, ConnectionPool::Waiter number)
      : LoopSlot(options, origins, number), tag_(kTags * number) {}

  // Where operations go; outlives what is under way. To be called before Begin().
  void Use(UringRing& ring) noexcept { ring_ = &ring; }

  void OnCompletion(Operation operation, int result);

 private:
  friend LoopSlot;

  // Nothing: it is under way.
  std::optional<Action> Connect();
  std::optional<Action> Send();
  std::optional<Action> Receive();
  void Abort();

  std::optional<Action> SendInChain(std::string_view text);
  std::optional<Action> SendInSteps(std::string_view text);
  std::optional<Action> SendNow(std::string_view text);
  std::optional<Action> WaitToSend();
  void QueueChain();
  void QueueReceive(unsigned short flags);
  std::uint64_t Tag(Operation operation) const noexcept {
    return tag_ + static_cast<std::uint64_t>(operation);
  }

  void OnConnected(int result);
  void OnSent(int result);
  void OnReceived(int result);

  std::uint64_t tag_;
  UringRing* ring_ = nullptr;
  std::string_view chained_{};  // what a chain has still to send
  bool sending_ = false;        // in steps
  bool polling_ = false;        // not sending yet: the socket takes nothing at the moment
  bool receiving_ = false;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_URING_SLOT_H_
