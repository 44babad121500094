#include "assay/engines/uring_slot.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace assay {
namespace {

using Action = Transaction::Action;

// A chain tells nothing before its end. What fits into any socket's buffer is sent at once,
// so that nothing is lost by that.
constexpr std::size_t kMostInChain = 16 * 1024;

boost::system::error_code Reason(int error) { return {error, boost::system::system_category()}; }

}  // namespace

void UringConnection::Close() noexcept {
  if (secure_) {
    tls_.SayFarewell();
    const std::string_view farewell = tls_.Output();
    if (!farewell.empty()) {
      ::send(fd(), farewell.data(), farewell.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    tls_.Stop();
  }
  secure_ = false;
  socket_.Close();
}

void UringSlot::OnCompletion(Operation operation, int result) {
  switch (operation) {
    case Operation::kConnect: return OnConnected(result);
    case Operation::kSend: return OnSent(result);
    case Operation::kReceive: return OnReceived(result);
  }
}

// What is under way on the socket ends, and so does what is linked behind it: unlike a
// cancelled operation, a socket stays shut down. A connect has to have begun for that.
void UringSlot::Abort() {
  ring_->Flush();
  ::shutdown(connection().fd(), SHUT_RDWR);
}

// The socket blocks: on one that does not, the kernel would hand EAGAIN back instead of
// waiting for it.
std::optional<Action> UringSlot::Connect() {
  const auto& endpoint = transaction().endpoint();
  UringConnection& connected = connection();
  connected.Close();
  const int failure =
      connected.socket().Open(endpoint.protocol().family(), TcpSocket::Calls::kBlock);
  if (failure != 0) return transaction().Fail(Reason(failure), SteadyClock().Now());
  ring_->Reserve(1);
  io_uring_sqe* operation = ring_->Next();
  io_uring_prep_connect(operation, connected.fd(), endpoint.data(),
                        static_cast<socklen_t>(endpoint.size()));
  operation->user_data = Tag(Operation::kConnect);
  Begun();
  return std::nullopt;
}

void UringSlot::OnConnected(int result) {
  if (Back()) return;
  const TimePoint now = SteadyClock().Now();
  if (result < 0) return Perform(transaction().Fail(Reason(-result), now));
  connection().Secure(transaction().origin().tls);
  Perform(transaction().Connected(connection().session(), now));
}

std::optional<Action> UringSlot::Send() {
  if (sending_) return polling_ || !connection().secure() ? Receive() : std::nullopt;
  const std::string_view text = transaction().Output();
  const bool chain = transaction().OutputIsAll() && text.size() <= kMostInChain && !receiving_;
  return chain ? SendInChain(text) : SendInSteps(text);
}

// Taken for sent as soon as it is queued: the time until the first byte comes is counted
// from here, and the text stays where it is.
std::optional<Action> UringSlot::SendInChain(std::string_view text) {
  chained_ = text;
  const Action next = transaction().Sent(text.size(), transaction().timer().now());
  if (next != Action::kReceive) return next;
  QueueChain();
  receiving_ = true;
  Begun();
  return std::nullopt;
}

// MSG_WAITALL makes a send that is cut short a failed one, so that nothing is received
// before all is sent. The end of a chain is that of the operation that failed, since the
// kernel drops what is linked behind it, or of the last one.
void UringSlot::QueueChain() {
  ring_->Reserve(2);
  io_uring_sqe* operation = ring_->Next();
  io_uring_prep_send(operation, connection().fd(), chained_.data(), chained_.size(),
                     MSG_NOSIGNAL | MSG_WAITALL);
  operation->user_data = Tag(Operation::kSend);
  operation->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
  // The answer is never there yet, so trying to read before waiting would be in vain.
  QueueReceive(IORING_RECVSEND_POLL_FIRST);
}

// With TLS nothing is received while the kernel is sending: what comes may make more
// output, which would move what it reads from.
std::optional<Action> UringSlot::SendInSteps(std::string_view text) {
  chained_ = {};
  const bool secure = connection().secure();
  if (secure && receiving_) return SendNow(text);
  ring_->Reserve(1);
  io_uring_sqe* operation = ring_->Next();
  io_uring_prep_send(operation, connection().fd(), text.data(), text.size(),
                     MSG_NOSIGNAL | (secure ? MSG_DONTWAIT : 0));
  operation->user_data = Tag(Operation::kSend);
  sending_ = true;
  Begun();
  return secure ? std::nullopt : Receive();
}

std::optional<Action> UringSlot::SendNow(std::string_view text) {
  const ssize_t bytes =
      ::send(connection().fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (bytes < 0 && errno == EAGAIN) return WaitToSend();
  const TimePoint now = SteadyClock().Now();
  return bytes < 0 ? transaction().Fail(Reason(errno), now)
                   : transaction().Sent(static_cast<std::size_t>(bytes), now);
}

// Until then the server may say that it wants no more.
std::optional<Action> UringSlot::WaitToSend() {
  ring_->Reserve(1);
  io_uring_sqe* operation = ring_->Next();
  io_uring_prep_poll_add(operation, connection().fd(), POLLOUT);
  operation->user_data = Tag(Operation::kSend);
  sending_ = polling_ = true;
  Begun();
  return Receive();
}

void UringSlot::OnSent(int result) {
  sending_ = false;
  if (!chained_.empty()) {
    if (result >= 0 && !Ended()) {
      chained_.remove_prefix(static_cast<std::size_t>(result));
      return QueueChain();
    }
    receiving_ = false;  // was dropped
  }
  const bool polled = std::exchange(polling_, false);
  if (Back()) return;
  if (result == -EAGAIN) return Perform(WaitToSend());
  if (polled && result >= 0) return Perform(Action::kSend);
  const TimePoint now = SteadyClock().Now();
  if (result < 0) return Perform(transaction().Fail(Reason(-result), now));
  Perform(transaction().Sent(static_cast<std::size_t>(result), now));
}

std::optional<Action> UringSlot::Receive() {
  if (receiving_) return std::nullopt;
  chained_ = {};
  ring_->Reserve(1);
  QueueReceive(0);
  receiving_ = true;
  Begun();
  return std::nullopt;
}

void UringSlot::QueueReceive(unsigned short flags) {
  const std::span<char> space = transaction().Input();
  io_uring_sqe* operation = ring_->Next();
  io_uring_prep_recv(operation, connection().fd(), space.data(), space.size(), 0);
  operation->ioprio = flags;
  operation->user_data = Tag(Operation::kReceive);
}

void UringSlot::OnReceived(int result) {
  receiving_ = false;
  chained_ = {};
  if (Back()) return;
  const TimePoint now = SteadyClock().Now();
  if (result < 0) return Perform(transaction().Fail(Reason(-result), now));
  Perform(transaction().Received(static_cast<std::size_t>(result), now));
}

}  // namespace assay
