// `concurrency` connections on one io_uring, on the thread that calls Run().
//
// One system call submits the next requests of all slots that have answered and
// waits for more; a request costs no call of its own. As in the async engine one
// timer watches all deadlines.

#include <poll.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <thread>
#include <utility>

#include "assay/engines/engines.h"
#include "assay/engines/uring_slot.h"
#include "assay/transport/interrupt.h"

namespace assay {
namespace {

// Tags that no slot uses.
constexpr std::uint64_t kTimer = 7;
constexpr std::uint64_t kStop = 6;
constexpr std::uint64_t kEarlier = 5;  // the timer has been set anew

class UringEngine : public Engine {
 public:
  explicit UringEngine(const EngineOptions& options)
      : pooling_(options.pooling),
        warm_up_(static_cast<std::uint64_t>(WarmUpConnections(options))),
        decode_(options.connection.decode),
        shortest_timeout_(ShortestTimeout(options.connection)),
        tls_(options.connection.tls),
        pool_(context_, tls_, options) {
    for (int i = 0; i < *options.concurrency; ++i) {
      slots_.emplace_back(options, origins_, static_cast<ConnectionPool::Waiter>(i));
    }
    MakeRing();
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    PreparedWorkload prepared(workload, pooling_, decode_, origins_);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    if (owner_ != std::this_thread::get_id() || interrupt.fd() >= 0) MakeRing();
    if (warm_up_ > 0) {
      DiscardingSink nobody;
      ResultWriter writer(nobody);
      PreparedWorkload connections(prepared, warm_up_);
      Loop(connections, interrupt, writer);
    }
    const PoolStats before = pool_.stats();
    const std::uint64_t resumed_before = tls_.resumed();
    const TimePoint started = clock.Now();
    prepared.Start(started);
    interrupt.EndAt(prepared.end());
    ResultWriter writer(sink);
    if (interrupt.fd() >= 0) WatchForStop(interrupt.fd());
    Loop(prepared, interrupt, writer);
    // Who could have asked for a stop is not watched any more.
    if (interrupt.fd() >= 0) MakeRing();

    RunSummary summary{.elapsed = clock.Now() - started,
                       .cpu = CpuTime() - cpu_before,
                       .tls_resumed = tls_.resumed() - resumed_before};
    writer.AddTo(summary);
    AddTo(summary, before, pool_.stats());
    return summary;
  }

 private:
  void Loop(PreparedWorkload& workload, const Interrupt& interrupt, ResultWriter& writer) {
    UringSlot::Run run{workload, writer, pool_, slots_, static_cast<int>(slots_.size()), [] {}};
    Watch(Deadline::After(SteadyClock().Now(), shortest_timeout_), interrupt);
    for (UringSlot& slot : slots_) {
      slot.Use(*ring_);
      slot.Begin(run);
    }
    while (run.active_slots > 0) Wait(interrupt);
  }

  // For each slot a chain of two operations, and for the whole the timer and the stop.
  void MakeRing() {
    ring_.reset();
    ring_.emplace(static_cast<unsigned>(2 * slots_.size() + 4));
    owner_ = std::this_thread::get_id();
    watched_until_ = Deadline::Never();
  }

  void Wait(const Interrupt& interrupt) {
    ring_->Wait([&](std::uint64_t tag, int result) {
      if (tag == kTimer) {
        watched_until_ = Deadline::Never();
        return Look(interrupt);
      }
      if (tag == kStop) return Look(interrupt);
      if (tag == kEarlier) return;
      const auto operation = static_cast<UringSlot::Operation>(tag % UringSlot::kTags);
      slots_[tag / UringSlot::kTags].OnCompletion(operation, result);
    });
  }

  // There is one timer. If it fires sooner, possibly because an earlier run has set it,
  // that is as good: then it is set again.
  void Watch(Deadline until, const Interrupt& interrupt) {
    until = std::min(until, interrupt.cancel_at());
    if (watched_until_ <= until) return;
    const bool set = !std::exchange(watched_until_, until).never();
    const Duration at = until.at().time_since_epoch();
    fires_at_ = {at.count() / 1'000'000'000, at.count() % 1'000'000'000};
    ring_->Reserve(1);
    io_uring_sqe* operation = ring_->Next();
    if (set) {
      io_uring_prep_timeout_update(operation, &fires_at_, kTimer, IORING_TIMEOUT_ABS);
    } else {
      io_uring_prep_timeout(operation, &fires_at_, 0, IORING_TIMEOUT_ABS);
    }
    operation->user_data = set ? kEarlier : kTimer;
  }

  void WatchForStop(int fd) {
    ring_->Reserve(1);
    io_uring_sqe* operation = ring_->Next();
    io_uring_prep_poll_add(operation, fd, POLLIN);
    operation->user_data = kStop;
  }

  // Is anybody's patience at its end?
  void Look(const Interrupt& interrupt) {
    const TimePoint now = SteadyClock().Now();
    const bool cancel = interrupt.cancel_at().Expired(now);
    Deadline next = Deadline::After(now, shortest_timeout_);
    for (UringSlot& slot : slots_) {
      if (cancel) {
        slot.Cancel();
      } else if (slot.deadline().Expired(now)) {
        slot.Expire(now);
      }
      next = std::min(next, slot.deadline());
    }
    if (!cancel) Watch(next, interrupt);
  }

  Pooling pooling_;
  std::uint64_t warm_up_;
  bool decode_;
  Duration shortest_timeout_;
  OriginTable origins_;
  UringConnection::Context context_;
  TlsContext tls_;
  LoopPool<UringConnection> pool_;
  std::deque<UringSlot> slots_;
  Deadline watched_until_ = Deadline::Never();
  __kernel_timespec fires_at_{};  // the kernel reads it when the timer is submitted
  std::thread::id owner_;
  std::optional<UringRing> ring_;  // goes first, with all that may be in flight
};

}  // namespace

std::unique_ptr<Engine> MakeUringEngine(const EngineOptions& options) {
  return std::make_unique<UringEngine>(ResolveFor("uring", options));
}

}  // namespace assay
