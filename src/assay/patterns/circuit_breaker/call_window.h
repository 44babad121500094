// The window of a circuit breaker, whichever kind its options ask for.
//
// Pure: time and generation are arguments. Any thread, never blocks; memory is taken when it is
// made and not later.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_WINDOW_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_WINDOW_H_

#include <cstdint>
#include <optional>
#include <variant>

#include "assay/core/clock.h"
#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/circuit_breaker/circuit_options.h"
#include "assay/patterns/circuit_breaker/ring_window.h"
#include "assay/patterns/circuit_breaker/shift_window.h"
#include "assay/patterns/circuit_breaker/time_window.h"

namespace assay {

template <class Threads = StdThreads>
class CallWindow {
 public:
  // What is to be done about a sample.
  struct Seen {
    bool counted = false;                  // else it came too late
    std::optional<WindowCounts> counts{};  // to be judged; nothing when it cannot trip the breaker
  };

  // `options` have been checked. Without a window nothing may be recorded.
  explicit CallWindow(const CircuitBreakerOptions& options) {
    if (!options.window) return;
    const CircuitWindowOptions& window = *options.window;
    minimum_calls_ = static_cast<std::uint64_t>(window.minimum_calls);
    if (window.over == WindowOver::kTime) {
      window_.template emplace<TimeWindow<Threads>>(window.duration, window.buckets);
    } else if (window.calls <= ShiftWindow<Threads>::MostCalls(options.slow_calls.has_value())) {
      window_.template emplace<ShiftWindow<Threads>>(window.calls, options.slow_calls.has_value());
    } else {
      window_.template emplace<RingWindow<Threads>>(window.calls);
    }
  }

  bool exists() const noexcept { return window_.index() != 0; }

  // True when a good call of that generation leaves the window as it is, at any time.
  bool AllGood(std::uint32_t generation) const noexcept {
    if (const auto* shift = std::get_if<1>(&window_)) return shift->AllGood(generation);
    const auto* ring = std::get_if<2>(&window_);
    return ring != nullptr && ring->AllGood(generation);
  }

  // Records a good call of the current generation where that takes a load or an uncontended
  // exchange, and cannot trip the breaker. False: nothing has been recorded, Record() has to.
  bool RecordGood(std::uint32_t generation, TimePoint now) noexcept {
    auto* time = std::get_if<3>(&window_);
    return time ? time->AddGood(generation, now, minimum_calls_) : AllGood(generation);
  }

  // `still_current()` says whether `generation` is not over yet.
  template <class StillCurrent>
  Seen Record(std::uint32_t generation, CallSample sample, TimePoint now,
              StillCurrent still_current) noexcept {
    if (auto* shift = std::get_if<1>(&window_)) {
      return OfCalls(shift->Record(generation, sample, still_current));
    }
    if (auto* ring = std::get_if<2>(&window_)) {
      return OfCalls(ring->Record(generation, sample, still_current));
    }
    auto& time = *std::get_if<3>(&window_);
    const std::optional<std::uint64_t> calls = time.Record(generation, sample, now, still_current);
    if (!calls) return {};
    // A good call cannot raise a rate. It can be the one that makes the calls enough, but not
    // when those of its own kind have been more than enough before it.
    if (!sample.bad() && *calls > minimum_calls_) return {.counted = true};
    return {.counted = true, .counts = time.Counts(generation, now)};
  }

  // Without a window: nothing.
  WindowCounts Counts(std::uint32_t generation, TimePoint now) const noexcept {
    if (const auto* shift = std::get_if<1>(&window_)) return shift->Counts(generation);
    if (const auto* ring = std::get_if<2>(&window_)) return ring->Counts(generation);
    if (const auto* time = std::get_if<3>(&window_)) return time->Counts(generation, now);
    return {};
  }

 private:
  static Seen OfCalls(const std::optional<WindowCounts>& counts) noexcept {
    return {.counted = counts.has_value(), .counts = counts};
  }

  std::uint64_t minimum_calls_ = 0;
  std::variant<std::monostate, ShiftWindow<Threads>, RingWindow<Threads>, TimeWindow<Threads>>
      window_{};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_WINDOW_H_
