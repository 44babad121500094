// A call at a limited rate: take the tokens, wait for them if need be, call.
//
//   RateLimiter limiter({.tokens = 10, .per = std::chrono::seconds(1)});
//   const RateRequest one{.deadline = deadline};
//   auto response = Call(limiter, SteadyThreadTime(), one, [&] { return Get(url); });
//
// Who has to wait goes on in the order of asking. The deadline is checked before anything is
// reserved: kLimitReached at once when the tokens come too late, and then nothing has changed. More
// tokens than the burst: kInvalidRequest. A coroutine that is cancelled or destroyed while it waits
// gives its tokens back (RateLimiter::Cancel); once `fn` has been called, they are used.
//
// `fn` takes no argument and returns (CallAsync: a task of) a Result. Safe to use from any number
// of threads with one limiter, which must outlive the calls.
#ifndef ASSAY_PATTERNS_RATE_LIMITER_CALL_H_
#define ASSAY_PATTERNS_RATE_LIMITER_CALL_H_

#include <coroutine>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/rate_limiter/rate_limiter.h"
#include "assay/patterns/waiting.h"

namespace assay {

struct RateRequest {
  std::int64_t tokens = 1;
  // Tokens that are there are granted whatever the deadline.
  Deadline deadline = Deadline::Never();
  std::optional<TimePoint> now{};  // where the caller has just read the clock
};

// Tokens that are reserved until Use(), and given back without. The limiter must outlive it.
template <class Threads>
class RateTurn {
 public:
  RateTurn(BasicRateLimiter<Threads>& limiter, const RateRequest& request, TimePoint now) noexcept
      : limiter_(limiter),
        reserved_(limiter.Reserve(now, request.tokens, request.deadline.Remaining(now))),
        due_(Deadline::After(now, reserved_.wait)) {}
  RateTurn(const RateTurn&) = delete;
  RateTurn& operator=(const RateTurn&) = delete;
  ~RateTurn() { limiter_.Cancel(reserved_); }

  bool granted() const noexcept { return reserved_.granted(); }
  bool must_wait() const noexcept { return reserved_.wait > Duration::zero(); }
  Deadline due() const noexcept { return due_; }
  void Use() noexcept { reserved_ = {}; }
  Error error(const RateRequest& request) const {
    return RateLimited(reserved_, request.tokens, limiter_.burst());
  }

 private:
  BasicRateLimiter<Threads>& limiter_;
  Reservation reserved_;
  Deadline due_;
};

// fn()'s result, or why it was not called. Blocks the calling thread while it waits.
template <class Threads, ThreadTime Time, class F>
std::invoke_result_t<F&> Call(BasicRateLimiter<Threads>& limiter, const Time& time,
                              const RateRequest& request, F&& fn) {
  RateTurn turn(limiter, request, request.now ? *request.now : time.Now());
  if (!turn.granted()) return turn.error(request);
  if (turn.must_wait()) {
    typename Time::Nap nap(time);
    nap.Until(turn.due());
  }
  turn.Use();
  return std::invoke(fn);
}

// The same as a coroutine of whatever task type fn() returns, provided that awaiting it yields a
// Result and that its `co_return` accepts that Result and an Error. `fn` is copied or moved into
// the coroutine; limiter and time must outlive it.
template <class Threads, CoroutineTime Time, class F>
std::invoke_result_t<F&> CallAsync(BasicRateLimiter<Threads>& limiter, Time& time,
                                   RateRequest request, F fn) {
  RateTurn<Threads> turn(limiter, request, request.now ? *request.now : time.Now());
  if (!turn.granted()) co_return turn.error(request);
  if (turn.must_wait()) {
    typename Time::Nap nap(time);
    co_await nap.Until(turn.due());
  }
  turn.Use();
  co_return co_await std::invoke(fn);
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_RATE_LIMITER_CALL_H_
