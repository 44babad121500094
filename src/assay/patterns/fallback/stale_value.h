// The last good value, to answer with while there is no new one ("stale if error", RFC 5861
// section 4).
//
//   StaleValue<Price> last(std::chrono::minutes(10));
//   auto price = Call(fallback, [&] { return last.Keep(FetchPrice(), clock.Now()); },
//                     last.OrElse(clock));
//
// Every function may be called from any thread; a mutex guards the copy.
#ifndef ASSAY_PATTERNS_FALLBACK_STALE_VALUE_H_
#define ASSAY_PATTERNS_FALLBACK_STALE_VALUE_H_

#include <mutex>
#include <optional>
#include <utility>

#include "assay/core/clock.h"
#include "assay/core/option_check.h"
#include "assay/core/result.h"
#include "assay/core/threads.h"

namespace assay {

template <class T, class Threads = StdThreads>
class StaleValue {
 public:
  // Throws std::invalid_argument when `max_age` is not above 0.
  explicit StaleValue(Duration max_age)
      : max_age_(OptionCheck("stale value").Above0("max_age", max_age)) {}

  // `result` itself; keeps its value, if it has one, unless a later one is there already.
  Result<T> Keep(Result<T> result, TimePoint now) {
    if (!result.ok()) return result;
    const std::lock_guard lock(mutex_);
    if (value_ && kept_at_ > now) return result;
    value_ = result.value();
    kept_at_ = now;
    return result;
  }

  // Nothing when there is none, or only one that was kept `max_age` ago or longer.
  std::optional<T> Get(TimePoint now) const {
    const std::lock_guard lock(mutex_);
    if (!value_ || now - kept_at_ >= max_age_) return std::nullopt;
    return value_;
  }

  // As an alternative for Call(): the value, or the error that it should have stood in for. Refers
  // to this object and to the clock.
  template <ClockSource Clock>
  auto OrElse(const Clock& clock) const {
    return [this, &clock](const Error& error) -> Result<T> {
      auto value = Get(clock.Now());
      if (!value) return error;
      return *std::move(value);
    };
  }
  template <ClockSource Clock>
  void OrElse(const Clock&& clock) const = delete;  // it would be gone when it is asked

 private:
  Duration max_age_;
  mutable typename Threads::Mutex mutex_{};
  std::optional<T> value_{};
  TimePoint kept_at_{};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_FALLBACK_STALE_VALUE_H_
