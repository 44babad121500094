#include "assay/engines/uring_slot.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace assay {

void UringSlot::Connection::Close() noexcept {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

void UringSlot::Begin(UringRun& run) {
  run_ = &run;
  while (connections_.size() < run.origins.size()) connections_.emplace_back(options_.connection);
  Next();
}

void UringSlot::OnCompletion(Phase phase, int result) {
  if (result < 0) return phase == Phase::kConnect ? OnConnectFailed(-result) : Fail(phase, -result);
  if (phase == Phase::kReceive) return OnReceived(static_cast<std::size_t>(result));
  // Part of a request has been sent, which ends a chain as a failure does.
  sent_ += static_cast<std::size_t>(result);
  run_->ring.Reserve(2);
  QueueSend();
}

// Whatever is in flight on the socket ends, and so does what is linked behind it:
// unlike a cancelled operation, a socket stays shut down.
void UringSlot::Expire() noexcept {
  expired_ = true;
  deadline_ = Deadline::Never();
  ::shutdown(connection_->fd, SHUT_RDWR);
}

// A loop, because a request that ends at once must not nest the next one.
void UringSlot::Next() {
  static const Response kNoResponse;
  for (;;) {
    started_ = SteadyClock().Now();
    item_ = run_->workload.Take(started_);
    if (item_ == nullptr) {
      deadline_ = Deadline::Never();
      --run_->active_slots;
      return;
    }
    std::optional<Error> error = item_->refused ? item_->refused : Start();
    if (!error) return;
    run_->writer.Write(*item_, started_, SteadyClock().Now(), kNoResponse, std::move(error));
  }
}

std::optional<Error> UringSlot::Start() {
  expired_ = false;
  deadline_ = Deadline::After(started_, options_.connection.timeout);
  sent_ = 0;
  connection_ = &connections_[item_->origin];
  connection_->reader.Start(item_->method);
  if (connection_->fd < 0) {
    ++connections_opened_;
    endpoint_ = 0;
    return Connect();
  }
  run_->ring.Reserve(2);
  QueueSend();
  return std::nullopt;
}

// To the address whose turn it is.
std::optional<Error> UringSlot::Connect() {
  const Origin& origin = run_->origins[item_->origin].value();
  const auto& endpoint = origin.endpoints[endpoint_];
  if (const int error = OpenSocket(endpoint.protocol().family()); error != 0) {
    return SocketError(Phase::kConnect, origin.authority,
                       {error, boost::system::system_category()});
  }
  run_->ring.Reserve(3);
  QueueConnect(endpoint);
  QueueSend();
  return std::nullopt;
}

// The socket blocks: on one that does not, the kernel would hand EAGAIN back
// instead of waiting for it.
int UringSlot::OpenSocket(int family) {
  connection_->fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (connection_->fd < 0) return errno;
  const int on = 1;
  ::setsockopt(connection_->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return 0;
}

void UringSlot::QueueConnect(const boost::asio::ip::tcp::endpoint& endpoint) {
  io_uring_sqe* operation = run_->ring.Next();
  io_uring_prep_connect(operation, connection_->fd, endpoint.data(),
                        static_cast<socklen_t>(endpoint.size()));
  Link(operation, Phase::kConnect);
}

// MSG_WAITALL makes a send that is cut short a failed one, so that nothing is
// received before all is sent.
void UringSlot::QueueSend() {
  io_uring_sqe* operation = run_->ring.Next();
  io_uring_prep_send(operation, connection_->fd, item_->text.data() + sent_,
                     item_->text.size() - sent_, MSG_NOSIGNAL | MSG_WAITALL);
  Link(operation, Phase::kSend);
  // The answer is never there yet, so trying to read before waiting would be in vain.
  QueueReceive(IORING_RECVSEND_POLL_FIRST);
}

void UringSlot::QueueReceive(unsigned short flags) {
  const std::span<char> space = connection_->reader.Space();
  io_uring_sqe* operation = run_->ring.Next();
  io_uring_prep_recv(operation, connection_->fd, space.data(), space.size(), 0);
  operation->ioprio = flags;
  operation->user_data = tag_ + static_cast<std::uint64_t>(Phase::kReceive);
}

void UringSlot::Link(io_uring_sqe* operation, Phase phase) const noexcept {
  operation->user_data = tag_ + static_cast<std::uint64_t>(phase);
  operation->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
}

// The origin's addresses in turn; the failure of the last one is reported.
void UringSlot::OnConnectFailed(int error) {
  const bool last = ++endpoint_ == run_->origins[item_->origin].value().endpoints.size();
  if (last || expired_) return Fail(Phase::kConnect, error);
  connection_->Close();
  if (auto failed = Connect()) Finish(std::move(failed));
}

void UringSlot::OnReceived(std::size_t bytes) {
  ResponseReader& reader = connection_->reader;
  if (expired_) return Fail(Phase::kReceive, 0);
  auto progress = bytes == 0 ? reader.Close() : reader.Commit(bytes);
  if (!progress) return Finish(std::move(progress).error());
  if (*progress == ResponseReader::Progress::kComplete) return Finish(std::nullopt);
  run_->ring.Reserve(1);
  QueueReceive(0);
}

void UringSlot::Fail(Phase phase, int error) {
  const std::string& authority = run_->origins[item_->origin].value().authority;
  Finish(expired_ ? TimeoutError(phase, authority, options_.connection.timeout)
                  : SocketError(phase, authority, {error, boost::system::system_category()}));
}

void UringSlot::Finish(std::optional<Error> error) {
  const bool reusable = connection_->reader.keep_alive() && options_.pooling == Pooling::kPooled;
  if (!reusable) connection_->Close();
  run_->writer.Write(*item_, started_, SteadyClock().Now(), connection_->reader.response(),
                     std::move(error));
  Next();
}

}  // namespace assay
