#include "assay/transport/blocking_connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace assay {
namespace {

boost::system::error_code Reason(int error) { return {error, boost::system::system_category()}; }

}  // namespace

void BlockingConnection::Close() noexcept {
  if (secure_) {
    tls_->SayFarewell();
    const std::string_view farewell = tls_->Output();
    if (!farewell.empty()) ::send(socket_.fd(), farewell.data(), farewell.size(), MSG_NOSIGNAL);
    tls_->Stop();
  }
  secure_ = false;
  socket_.Close();
}

Transaction::Action BlockingConnection::Perform(Transaction& transaction, bool connected,
                                                const Interrupt& interrupt, TimePoint now) {
  Action action = connected ? transaction.Reuse(Session(), now) : transaction.Connect(now);
  for (;;) {
    switch (action) {
      case Action::kConnect: action = Connect(transaction, interrupt); break;
      case Action::kSend: action = Send(transaction, interrupt); break;
      case Action::kReceive: action = Receive(transaction, interrupt); break;
      case Action::kAcquire:
      case Action::kDone: return action;
    }
  }
}

Transaction::Action BlockingConnection::Connect(Transaction& transaction,
                                                const Interrupt& interrupt) {
  const SteadyClock clock;
  Close();
  const auto& endpoint = transaction.endpoint();
  const int refused = socket_.Open(endpoint.protocol().family(), TcpSocket::Calls::kDoNotBlock);
  if (refused != 0) return transaction.Fail(Reason(refused), clock.Now());
  int failure = 0;
  if (::connect(socket_.fd(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
    if (errno != EINPROGRESS) return transaction.Fail(Reason(errno), clock.Now());
    const Ready ready = Wait(POLLOUT, transaction, interrupt, clock.Now());
    if (ready.instead) return *ready.instead;
    socklen_t size = sizeof(failure);
    ::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &failure, &size);
  }
  if (failure != 0) return transaction.Fail(Reason(failure), clock.Now());
  secure_ = transaction.origin().tls;
  if (secure_ && !tls_) tls_.emplace(tls_context_);
  return transaction.Connected(Session(), clock.Now());
}

Transaction::Action BlockingConnection::Send(Transaction& transaction, const Interrupt& interrupt) {
  const SteadyClock clock;
  for (;;) {
    const std::string_view text = transaction.Output();
    const ssize_t bytes = ::send(socket_.fd(), text.data(), text.size(), MSG_NOSIGNAL);
    if (bytes >= 0) return transaction.Sent(static_cast<std::size_t>(bytes), clock.Now());
    if (errno != EAGAIN) return transaction.Fail(Reason(errno), clock.Now());
    const Ready ready = Wait(POLLOUT | POLLIN, transaction, interrupt, clock.Now());
    if (ready.instead) return *ready.instead;
    if ((ready.events & POLLIN) != 0) return Read(transaction);
  }
}

// The answer is never there yet, so waiting first saves a failing read.
Transaction::Action BlockingConnection::Receive(Transaction& transaction,
                                                const Interrupt& interrupt) {
  const Ready ready = Wait(POLLIN, transaction, interrupt, transaction.timer().now());
  return ready.instead ? *ready.instead : Read(transaction);
}

Transaction::Action BlockingConnection::Read(Transaction& transaction) {
  const std::span<char> space = transaction.Input();
  const ssize_t bytes = ::recv(socket_.fd(), space.data(), space.size(), 0);
  const TimePoint now = SteadyClock().Now();
  if (bytes >= 0) return transaction.Received(static_cast<std::size_t>(bytes), now);
  return errno == EAGAIN ? Action::kReceive : transaction.Fail(Reason(errno), now);
}

// Errors on the socket count as ready: the next call names them.
BlockingConnection::Ready BlockingConnection::Wait(short events, Transaction& transaction,
                                                   const Interrupt& interrupt, TimePoint now) {
  for (;; now = SteadyClock().Now()) {
    // Asked first: a stop that comes after this wakes the poll(), one from before is known below.
    const bool stoppable = interrupt.fd() >= 0 && !interrupt.stopped();
    const Deadline cancel_at = interrupt.cancel_at();
    if (cancel_at.Expired(now)) return {0, transaction.Cancel(now)};
    const Duration left = std::min(transaction.deadline(), cancel_at).Remaining(now);
    if (left == Duration::zero()) return {0, transaction.Expire(now)};
    const Duration bounded = std::min<Duration>(left, std::chrono::hours(1));
    const timespec time{bounded.count() / 1'000'000'000, bounded.count() % 1'000'000'000};
    pollfd fds[] = {{socket_.fd(), events, 0}, {interrupt.fd(), POLLIN, 0}};
    const nfds_t count = stoppable ? 2 : 1;
    if (::ppoll(fds, count, &time, nullptr) > 0 && fds[0].revents != 0) return {fds[0].revents, {}};
  }
}

}  // namespace assay
