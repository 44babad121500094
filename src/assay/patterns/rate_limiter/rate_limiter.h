// At most so many calls in a time, with room for a burst: the decision, without any waiting.
//
//   RateLimiter limiter({.tokens = 10, .per = std::chrono::seconds(1), .burst = 5});
//   if (limiter.TryTake(clock.Now())) Send();
//
// A token bucket that starts full, kept as GCRA in one word (gcra.h). In any stretch of time t at
// most burst + rate * t tokens are used (to within 2 ns), whatever the
// threads, the order of their clock readings, and reservations given back. Requests are served in
// the order in which they reserve: each has its own time, so nobody queues and nobody is overtaken,
// however many tokens it wants.
//
// Every function may be called from any thread; only Change() and Drain() may block, for each
// other. `now` is a reading of one monotonic clock and may be old: an old one gets no tokens that
// have been used already, and what is refused changes nothing. call.h has the wrappers that wait.
//
// A reservation that is given back (Cancel) frees its tokens if it was the latest one; with others
// reserved since, they go to nobody. Those others keep their times, so whoever got the tokens would
// share an instant with the last of them, and the bound would not hold.
//
// Left out: several limits at once (ask one limiter after the other), and sharing between
// processes.
#ifndef ASSAY_PATTERNS_RATE_LIMITER_RATE_LIMITER_H_
#define ASSAY_PATTERNS_RATE_LIMITER_RATE_LIMITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/core/threads.h"
#include "assay/patterns/pause.h"
#include "assay/patterns/rate_limiter/gcra.h"
#include "assay/patterns/stripes.h"

namespace assay {

enum class RateVerdict : std::uint8_t {
  kGranted,
  kTooLate,     // not before the longest wait is over: nothing was reserved
  kOutOfRange,  // fewer tokens than 1, or more than the burst: never
};

struct [[nodiscard]] Reservation {
  RateVerdict verdict = RateVerdict::kOutOfRange;
  // Granted: from `now` to when the tokens may be used. Too late: how long it would have been.
  Duration wait{};
  // For Cancel(): what it cost, and where it left the limiter.
  std::int64_t cost = 0;
  std::int64_t word = 0;
  std::uint64_t change = 0;

  bool granted() const noexcept { return verdict == RateVerdict::kGranted; }
};

// The first two belong to one instant; the others may lag by the calls in progress.
struct RateLimiterSnapshot {
  std::int64_t available = 0;   // whole tokens there now
  std::int64_t waiting = 0;     // tokens that have been promised and are not there yet
  std::uint64_t granted = 0;    // requests granted so far, cancelled ones included
  std::uint64_t cancelled = 0;  // of them
  std::uint64_t refused = 0;    // requests

  friend bool operator==(const RateLimiterSnapshot&, const RateLimiterSnapshot&) = default;
};

template <class Threads = StdThreads>
class BasicRateLimiter {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit BasicRateLimiter(const RateLimiterOptions& options = {}) { Store(0, Gcra(options)); }

  // True: `tokens` are taken. False: they are not there, or never will be (fewer than 1, more than
  // the burst).
  bool TryTake(TimePoint now, std::int64_t tokens = 1) noexcept;

  // Tokens for later, unless that is later than `most_wait` (>= 0) from `now`; longer than four
  // years is too late in any case. Who is granted waits for as long as it says, or gives them back.
  Reservation Reserve(TimePoint now, std::int64_t tokens, Duration most_wait) noexcept;

  // Gives back what was granted and has not been used, at most once. Without effect after a
  // Change().
  void Cancel(const Reservation& reservation) noexcept;

  // New rate and burst from `now` on. As many tokens as are there or owed stay so, up to the new
  // burst; reservations keep their times. Throws as the constructor, and nothing changes then.
  void Change(const RateLimiterOptions& options, TimePoint now);

  // Throws away the tokens that are there: the bucket is empty at `now`.
  void Drain(TimePoint now) noexcept;

  std::int64_t burst() const noexcept { return RulesOf(word_.load(kAcquire)).burst(); }
  // True when nothing is missing: forgetting this limiter would let nobody have more.
  bool Full(TimePoint now) const noexcept;
  RateLimiterSnapshot Snapshot(TimePoint now) const noexcept;

 private:
  template <class T>
  using Atomic = typename Threads::template Atomic<T>;

  static constexpr auto kRelaxed = std::memory_order_relaxed;
  static constexpr auto kAcquire = std::memory_order_acquire;
  static constexpr auto kBoth = std::memory_order_acq_rel;

  // What Gcra is made of, to be read while the next rules are written elsewhere.
  struct Slot {
    Atomic<std::uint64_t> multiplier{0};
    Atomic<std::int64_t> burst{0};
    Atomic<std::uint64_t> change_and_shift{0};  // [number of the change 56 | shift 8]
  };
  static constexpr std::size_t kSlots = 4;  // and two bits of the word

  // The word is [mark 62 | slot 2]: the rules that a mark is counted by go with it, so whoever
  // decided by other rules fails to exchange it. (It would take four changes during one decision,
  // which come back to the same mark, to be mistaken.)
  static constexpr std::int64_t Pack(std::int64_t mark, std::uint64_t slot) noexcept {
    return mark * std::int64_t{kSlots} + static_cast<std::int64_t>(slot);
  }
  static constexpr std::int64_t Mark(std::int64_t word) noexcept { return word >> 2; }
  static constexpr std::uint64_t SlotOf(std::int64_t word) noexcept {
    return static_cast<std::uint64_t>(word) % kSlots;
  }

  Gcra RulesOf(std::int64_t word) const noexcept {
    const Slot& slot = slots_[SlotOf(word)];
    return {slot.multiplier.load(kRelaxed), slot.burst.load(kRelaxed),
            static_cast<int>(slot.change_and_shift.load(kRelaxed) & 0xff)};
  }
  std::uint64_t ChangeOf(std::int64_t word) const noexcept {
    return slots_[SlotOf(word)].change_and_shift.load(kRelaxed) >> 8;
  }
  void Store(std::uint64_t change, const Gcra& rules) noexcept {
    Slot& slot = slots_[change % kSlots];
    slot.multiplier.store(rules.multiplier(), kRelaxed);
    slot.burst.store(rules.burst_units(), kRelaxed);
    slot.change_and_shift.store(change << 8 | static_cast<std::uint64_t>(rules.shift()), kRelaxed);
  }

  Reservation Refused(Reservation refused) noexcept {
    refused_.fetch_add(1, kRelaxed);
    return refused;
  }

  alignas(64) Atomic<std::int64_t> word_{Pack(Gcra::kFull, 0)};
  Atomic<std::uint64_t> cancelled_{0};
  // On other lines: rules are only read, and refusals must not slow down those who read.
  alignas(64) std::array<Slot, kSlots> slots_{};
  alignas(64) Atomic<std::uint64_t> refused_{0};
  typename Threads::Mutex changing_{};
  // Nobody decides by it, so two threads need not meet here as well.
  StripedCounter<Threads> granted_{};
};

using RateLimiter = BasicRateLimiter<>;

// The error of a request that was not granted. Tokens that come too late: kLimitReached, "rate: too
// late", which allocates nothing; how long it would have taken stands in `refused`. Tokens that
// `burst` can never hold, which is a mistake of the caller: kInvalidRequest, explained.
Error RateLimited(const Reservation& refused, std::int64_t tokens, std::int64_t burst);

template <class Threads>
bool BasicRateLimiter<Threads>::TryTake(TimePoint now, std::int64_t tokens) noexcept {
  std::int64_t word = word_.load(kAcquire);
  Pause pause;
  for (;;) {
    const Gcra rules = RulesOf(word);
    if (!rules.Fits(tokens)) break;
    const std::int64_t arrived = rules.Arrived(now);
    const std::int64_t mark = rules.Settled(Mark(word), arrived) + rules.Cost(tokens);
    if (mark > arrived) break;
    if (word_.compare_exchange_weak(word, Pack(mark, SlotOf(word)), kBoth, kAcquire)) {
      granted_.Add();
      return true;
    }
    pause();
  }
  refused_.fetch_add(1, kRelaxed);
  return false;
}

template <class Threads>
Reservation BasicRateLimiter<Threads>::Reserve(TimePoint now, std::int64_t tokens,
                                               Duration most_wait) noexcept {
  std::int64_t word = word_.load(kAcquire);
  Pause pause;
  for (;;) {
    const Gcra rules = RulesOf(word);
    if (!rules.Fits(tokens)) return Refused({.verdict = RateVerdict::kOutOfRange});
    const std::int64_t arrived = rules.Arrived(now);
    const std::int64_t cost = rules.Cost(tokens);
    const std::int64_t mark = rules.Settled(Mark(word), arrived) + cost;
    const Duration wait = mark > arrived ? rules.TimeFor(mark - arrived) : Duration::zero();
    if (wait > most_wait || mark - arrived > Gcra::kMostAhead) {
      return Refused({.verdict = RateVerdict::kTooLate, .wait = wait});
    }
    const std::uint64_t change = ChangeOf(word);
    if (word_.compare_exchange_weak(word, Pack(mark, SlotOf(word)), kBoth, kAcquire)) {
      granted_.Add();
      return {RateVerdict::kGranted, wait, cost, Pack(mark, SlotOf(word)), change};
    }
    pause();
  }
}

template <class Threads>
void BasicRateLimiter<Threads>::Cancel(const Reservation& reservation) noexcept {
  if (!reservation.granted()) return;
  cancelled_.fetch_add(1, kRelaxed);
  std::int64_t word = reservation.word;
  if (word_.load(kAcquire) != word || ChangeOf(word) != reservation.change) return;
  const std::int64_t before = Pack(Mark(word) - reservation.cost, SlotOf(word));
  word_.compare_exchange_strong(word, before, kBoth, kRelaxed);
}

template <class Threads>
void BasicRateLimiter<Threads>::Change(const RateLimiterOptions& options, TimePoint now) {
  const Gcra next(options);
  const std::lock_guard lock(changing_);
  std::int64_t word = word_.load(kAcquire);
  const Gcra rules = RulesOf(word);  // nobody else changes them
  const std::uint64_t change = ChangeOf(word) + 1;
  Store(change, next);
  std::int64_t changed = 0;
  do {
    changed = Pack(rules.Converted(Mark(word), next, now), change % kSlots);
  } while (!word_.compare_exchange_weak(word, changed, kBoth, kAcquire));
}

template <class Threads>
void BasicRateLimiter<Threads>::Drain(TimePoint now) noexcept {
  const std::lock_guard lock(changing_);  // so that the rules stay
  std::int64_t word = word_.load(kAcquire);
  const std::int64_t arrived = RulesOf(word).Arrived(now);
  while (Mark(word) < arrived &&
         !word_.compare_exchange_weak(word, Pack(arrived, SlotOf(word)), kBoth, kAcquire)) {
  }
}

template <class Threads>
bool BasicRateLimiter<Threads>::Full(TimePoint now) const noexcept {
  const std::int64_t word = word_.load(kAcquire);
  const Gcra rules = RulesOf(word);
  return Mark(word) <= rules.Arrived(now) - rules.burst_units();
}

template <class Threads>
RateLimiterSnapshot BasicRateLimiter<Threads>::Snapshot(TimePoint now) const noexcept {
  const std::int64_t word = word_.load(kAcquire);
  const Gcra rules = RulesOf(word);
  const std::int64_t arrived = rules.Arrived(now);
  const std::int64_t ahead = rules.Settled(Mark(word), arrived) - arrived;
  const std::int64_t there = -std::min<std::int64_t>(ahead, 0);
  return {.available = there >> rules.shift(),
          // Rounded up: part of a token is being waited for, too.
          .waiting = -(-std::max<std::int64_t>(ahead, 0) >> rules.shift()),
          .granted = granted_.Sum(),
          .cancelled = cancelled_.load(kRelaxed),
          .refused = refused_.load(kRelaxed)};
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_RATE_LIMITER_RATE_LIMITER_H_
