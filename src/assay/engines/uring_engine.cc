// `concurrency` connections on one io_uring, on the thread that calls Run().
//
// One system call submits the next requests of all slots that have answered and
// waits for more; a request costs no call of its own. As in the async engine one
// timer watches all deadlines.

#include <sys/types.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <thread>

#include "assay/engines/engines.h"
#include "assay/engines/uring_slot.h"

namespace assay {
namespace {

// A slot's user data is its index times eight plus the phase, which leaves some numbers.
constexpr std::uint64_t kTimer = 7;

class UringEngine : public Engine {
 public:
  explicit UringEngine(const EngineOptions& options) : options_(options) {
    for (int i = 0; i < *options.concurrency; ++i) {
      slots_.emplace_back(options, 8 * static_cast<std::uint64_t>(i));
    }
    MakeRing();
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = ConnectionsOpened();
    PreparedWorkload prepared(workload, options_.pooling, origins_);
    if (owner_ != std::this_thread::get_id()) MakeRing();
    const TimePoint started = clock.Now();
    prepared.Start(started);
    ResultWriter writer(sink);
    UringRun run{prepared, origins_, writer, *ring_, static_cast<int>(slots_.size())};
    // A timer that an earlier run has left behind fires sooner than this one's would.
    if (!watching_) Watch(Deadline::After(started, options_.connection.timeout));
    for (UringSlot& slot : slots_) slot.Begin(run);
    while (run.active_slots > 0) Wait();

    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = ConnectionsOpened() - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before};
  }

 private:
  // A chain of three operations for each slot and the timer.
  void MakeRing() {
    ring_.reset();
    ring_.emplace(static_cast<unsigned>(3 * slots_.size() + 4));
    owner_ = std::this_thread::get_id();
    watching_ = false;
  }

  void Wait() {
    ring_->Wait([this](std::uint64_t data, int result) {
      if (data == kTimer) return OnTimer();
      slots_[data / 8].OnCompletion(static_cast<Phase>(data % 8), result);
    });
  }

  void Watch(Deadline earliest) {
    if (earliest.never()) return;
    const Duration at = earliest.at().time_since_epoch();
    watched_ = {at.count() / 1'000'000'000, at.count() % 1'000'000'000};
    ring_->Reserve(1);
    io_uring_sqe* operation = ring_->Next();
    io_uring_prep_timeout(operation, &watched_, 0, IORING_TIMEOUT_ABS);
    operation->user_data = kTimer;
    watching_ = true;
  }

  void OnTimer() {
    watching_ = false;
    const TimePoint now = SteadyClock().Now();
    Deadline next = Deadline::Never();
    bool active = false;
    for (UringSlot& slot : slots_) {
      if (slot.deadline().Expired(now)) {
        slot.Expire();
        active = true;
      }
      next = std::min(next, slot.deadline());
    }
    // All have expired: the requests that follow start now or later.
    if (active && next.never()) next = Deadline::After(now, options_.connection.timeout);
    Watch(next);
  }

  std::uint64_t ConnectionsOpened() const {
    std::uint64_t opened = 0;
    for (const UringSlot& slot : slots_) opened += slot.connections_opened();
    return opened;
  }

  EngineOptions options_;
  OriginTable origins_;
  std::deque<UringSlot> slots_;
  __kernel_timespec watched_{};  // the kernel reads it when the timer is submitted
  bool watching_ = false;
  std::thread::id owner_;
  std::optional<UringRing> ring_;  // goes first, with all that may be in flight
};

}  // namespace

std::unique_ptr<Engine> MakeUringEngine(const EngineOptions& options) {
  return std::make_unique<UringEngine>(ResolveFor("uring", options));
}

}  // namespace assay
