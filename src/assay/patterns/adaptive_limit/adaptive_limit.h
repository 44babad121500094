// At most so many calls at a time as the server seems to bear; the limit moves by itself.
//
//   AdaptiveLimit limit({.algorithm = LimitAlgorithm::kGradient});
//   auto response = Call(limit, SteadyThreadTime(), [&] { return client.Send(request); });
//
// A decision class: no clock, no thread, no I/O. Every call goes through TryBegin(), and whoever
// was admitted ends it once with End(); the wrappers in call.h do both. Every function may be
// called from any thread. A call costs three atomic additions; the rules (limit_rules.h) are
// applied once in a window, by one thread, under a mutex that nobody waits for.
//
// Time one attempt, not a call with its retries: waits between tries would look like a slow server
// (vector #26123). A sample that comes while a window is being evaluated may count for the next
// one.
//
// Left out: a queue of those who are refused (a semaphore has one), and priorities.
#ifndef ASSAY_PATTERNS_ADAPTIVE_LIMIT_ADAPTIVE_LIMIT_H_
#define ASSAY_PATTERNS_ADAPTIVE_LIMIT_ADAPTIVE_LIMIT_H_

#include <atomic>
#include <cstdint>
#include <mutex>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/core/threads.h"
#include "assay/patterns/adaptive_limit/limit_rules.h"
#include "assay/patterns/outcome.h"

namespace assay {

struct AdaptiveLimitSnapshot {
  int limit = 0;
  int in_flight = 0;
  std::uint64_t rejected = 0;
  std::uint64_t windows = 0;  // evaluated so far

  friend bool operator==(const AdaptiveLimitSnapshot&, const AdaptiveLimitSnapshot&) = default;
};

// The error of a call that was refused: kLimitReached, "adaptive: full". Allocates nothing; the
// limit of the moment is AdaptiveLimit::limit().
Error AdaptiveLimitReached();

template <class Threads = StdThreads>
class BasicAdaptiveLimit {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit BasicAdaptiveLimit(const AdaptiveLimitOptions& options = {})
      : rules_(options), state_(rules_.First()), limit_(static_cast<int>(state_.limit)) {}

  // True: a call may begin, and owes one End(). False: it is refused, and counted.
  bool TryBegin() noexcept {
    const int limit = limit_.load(std::memory_order_relaxed);
    int in_flight = in_flight_.load(std::memory_order_relaxed);
    do {
      if (in_flight >= limit) {
        rejected_.fetch_add(1, std::memory_order_relaxed);
        return false;
      }
    } while (
        !in_flight_.compare_exchange_weak(in_flight, in_flight + 1, std::memory_order_relaxed));
    return true;
  }

  // A call that began has ended, after `latency` (>= 0). kFailure is a drop: a refusal or time-out
  // of the server. kIgnored frees the place and says nothing.
  void End(Outcome outcome, Duration latency, TimePoint now) noexcept {
    const int before = in_flight_.fetch_sub(1, std::memory_order_relaxed);
    if (outcome == Outcome::kIgnored) return;
    RaiseMost(before);
    if (outcome == Outcome::kFailure) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
    } else {
      latency_.fetch_add(latency.count(), std::memory_order_relaxed);
    }
    const std::int64_t ended = ended_.fetch_add(1, std::memory_order_relaxed) + 1;
    const TimePoint begun{Duration(begun_.load(std::memory_order_relaxed))};
    if (rules_.Ends(ended, now - begun)) Evaluate(now);
  }

  int limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  AdaptiveLimitSnapshot Snapshot() const noexcept {
    return {.limit = limit(),
            .in_flight = in_flight_.load(std::memory_order_relaxed),
            .rejected = rejected_.load(std::memory_order_relaxed),
            .windows = windows_.load(std::memory_order_relaxed)};
  }

 private:
  template <class T>
  using Atomic = typename Threads::template Atomic<T>;

  void RaiseMost(int in_flight) noexcept {
    int most = most_in_flight_.load(std::memory_order_relaxed);
    while (in_flight > most &&
           !most_in_flight_.compare_exchange_weak(most, in_flight, std::memory_order_relaxed)) {
    }
  }

  void Evaluate(TimePoint now) noexcept {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return;  // another thread is at it
    const TimePoint begun{Duration(begun_.load(std::memory_order_relaxed))};
    if (!rules_.Ends(ended_.load(std::memory_order_relaxed), now - begun)) return;
    const std::int64_t ended = ended_.exchange(0, std::memory_order_relaxed);
    const std::int64_t dropped = dropped_.exchange(0, std::memory_order_relaxed);
    const LimitWindow window{
        .samples = ended - dropped,
        .latency = Duration(latency_.exchange(0, std::memory_order_relaxed)),
        .dropped = dropped,
        .most_in_flight = most_in_flight_.exchange(0, std::memory_order_relaxed)};
    begun_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    state_ = rules_.Next(state_, window);
    limit_.store(static_cast<int>(state_.limit), std::memory_order_relaxed);
    windows_.fetch_add(1, std::memory_order_relaxed);
  }

  const LimitRules rules_;
  typename Threads::Mutex mutex_{};
  LimitState state_;  // under the mutex
  Atomic<int> limit_;
  Atomic<std::uint64_t> windows_{0};
  Atomic<TimePoint::rep> begun_{TimePoint::min().time_since_epoch().count() / 2};
  alignas(64) Atomic<int> in_flight_{0};
  Atomic<int> most_in_flight_{0};
  Atomic<std::int64_t> ended_{0}, dropped_{0};
  Atomic<Duration::rep> latency_{0};
  alignas(64) Atomic<std::uint64_t> rejected_{0};
};

using AdaptiveLimit = BasicAdaptiveLimit<>;

}  // namespace assay

#endif  // ASSAY_PATTERNS_ADAPTIVE_LIMIT_ADAPTIVE_LIMIT_H_
