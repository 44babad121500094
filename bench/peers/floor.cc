// The least that a client can be: one epoll, one write and one read per request.
//
// Each connection reads its first answer properly and remembers how many bytes it
// was; every later answer is taken for the same when as many bytes have arrived.
// Nothing is parsed, no deadline is watched, and every result carries the first
// answer's Response. Only for one request over and over, whose answer never changes.

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <deque>
#include <stdexcept>
#include <utility>

#include "assay/engines/result_writer.h"
#include "assay/transport/response_reader.h"
#include "assay/transport/socket_error.h"
#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

Error SystemFailure(Phase phase, const Origin& origin) {
  return SocketError(phase, origin.authority, {errno, boost::system::system_category()});
}

struct Slot {
  explicit Slot(const ConnectionOptions& options) : reader(options) {}
  ~Slot() { Close(); }
  void Close() {
    if (fd >= 0) ::close(std::exchange(fd, -1));
    answer_bytes = 0;
  }

  int fd = -1;
  std::size_t answer_bytes = 0;  // 0 until the first answer on this connection is complete
  std::size_t received = 0;      // of the answer under way
  bool waiting = false;          // for an answer
  TimePoint started;
  ResponseReader reader;
};

class Floor : public Engine {
 public:
  explicit Floor(const EngineOptions& options) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (options.pooling == Pooling::kNaive) {
      throw std::invalid_argument("floor engine: pooling naive: it only keeps connections");
    }
    for (int i = 0; i < *options.concurrency; ++i) slots_.emplace_back(options.connection);
  }
  ~Floor() override { ::close(epoll_); }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = opened_;
    PreparedWorkload prepared(workload, Pooling::kPooled, false, origins_, TlsSupport::kPlainOnly);
    if (workload.requests.size() > 1) {
      throw std::invalid_argument("floor engine: more than one request: it knows one answer");
    }
    const TimePoint started = clock.Now();
    prepared.Start(started);
    ResultWriter writer(sink);
    workload_ = &prepared;
    writer_ = &writer;
    active_ = slots_.size();
    for (Slot& slot : slots_) Next(slot);
    std::array<epoll_event, 128> events;
    while (active_ > 0) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i) {
        OnReadable(*static_cast<Slot*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = opened_ - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before};
  }

 private:
  void Next(Slot& slot) {
    for (;;) {
      slot.started = SteadyClock().Now();
      const PreparedWorkload::Item* item = workload_->Take(slot.started);
      slot.waiting = item != nullptr;
      if (item == nullptr) {
        --active_;
        return;
      }
      item_ = item;
      std::optional<Error> error = item->refused ? item->refused : Send(slot);
      if (!error) return;
      slot.Close();
      Write(slot, std::move(error));
    }
  }

  std::optional<Error> Send(Slot& slot) {
    const Origin& origin = *item_->origin;
    if (slot.fd < 0) {
      slot.reader.Start(item_->wire.method);
      if (!Connect(slot, origin)) return SystemFailure(Phase::kConnect, origin);
    }
    slot.received = 0;
    const auto bytes =
        ::send(slot.fd, item_->wire.head.data(), item_->wire.head.size(), MSG_NOSIGNAL);
    if (bytes < 0) return SystemFailure(Phase::kSend, origin);
    return std::nullopt;
  }

  bool Connect(Slot& slot, const Origin& origin) {
    ++opened_;
    const auto& endpoint = origin.endpoints.front();
    slot.fd = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    const int on = 1;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &slot;
    return slot.fd >= 0 && ::setsockopt(slot.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0 &&
           ::connect(slot.fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
           ::epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.fd, &event) == 0;
  }

  void OnReadable(Slot& slot) {
    if (!slot.waiting) return slot.Close();  // the server has had enough of an idle connection
    const bool first = slot.answer_bytes == 0;
    const std::span<char> space = first ? slot.reader.Space() : std::span<char>(scratch_);
    const ssize_t bytes = ::recv(slot.fd, space.data(), space.size(), 0);
    if (bytes < 0) return Finish(slot, SystemFailure(Phase::kReceive, *item_->origin));
    slot.received += static_cast<std::size_t>(bytes);
    if (first) return Learn(slot, static_cast<std::size_t>(bytes));
    if (bytes == 0 || slot.received > slot.answer_bytes) {
      return Finish(slot, Error{ErrorCode::kConnectionClosed, "not as long as the first answer"});
    }
    if (slot.received == slot.answer_bytes) Finish(slot, std::nullopt);
  }

  void Learn(Slot& slot, std::size_t bytes) {
    auto progress = bytes == 0 ? slot.reader.Close() : slot.reader.Commit(bytes);
    if (!progress) {
      return Finish(
          slot, InPhase(Phase::kReceive, item_->origin->authority, std::move(progress).error()));
    }
    if (*progress == ResponseReader::Progress::kMore) return;
    slot.answer_bytes = slot.received;
    const bool reusable = slot.reader.keep_alive();
    if (!reusable) slot.Close();
    Finish(slot, std::nullopt);
  }

  void Finish(Slot& slot, std::optional<Error> error) {
    if (error) slot.Close();
    Write(slot, std::move(error));
    Next(slot);
  }

  void Write(Slot& slot, std::optional<Error> error) {
    writer_->Write(*item_, slot.started, SteadyClock().Now(), slot.reader.response(),
                   std::move(error));
  }

  int epoll_;
  OriginTable origins_;
  std::deque<Slot> slots_;
  std::array<char, 16 * 1024> scratch_;
  PreparedWorkload* workload_ = nullptr;
  ResultWriter* writer_ = nullptr;
  const PreparedWorkload::Item* item_ = nullptr;  // there is only one
  std::size_t active_ = 0;
  std::uint64_t opened_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakeFloor(const EngineOptions& options) {
  return std::make_unique<Floor>(ResolveForPeer("floor", options));
}

}  // namespace assay::bench
