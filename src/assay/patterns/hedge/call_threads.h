// A call whose late answer is hedged, on threads: for code without coroutines (call.h).
//
//   Hedge hedge({.delay = std::chrono::milliseconds(50)});
//   auto page = Call(hedge, SteadyThreadTime(), [&](int attempt, std::stop_token stop) {
//     return Fetch(replicas[attempt], stop);
//   });
//
// `fn` takes the number of the attempt, from 0, and a std::stop_token where it wants one, and
// returns a Result. Attempts run beside each other, on a thread each, so it has to stand being
// called by several at once. The first success wins; `classify`, which one thread at a time calls,
// says what is one. A thread cannot be cancelled from outside: the token tells the others that
// nobody wants their result, and they are waited for, so an attempt that does not look at it makes
// the call as slow as itself. What comes of them is dropped. Where no attempt succeeds the caller
// gets what the first one returned, or if it threw what another one returned, or else what it
// threw.
//
// Blocks. A thread costs some 10 us, for the first attempt too, since somebody has to watch the
// clock: for calls that take milliseconds. Where one for a hedge cannot be had there is no hedge,
// though it is counted and paid for; where it is the first, that is std::system_error.
#ifndef ASSAY_PATTERNS_HEDGE_CALL_THREADS_H_
#define ASSAY_PATTERNS_HEDGE_CALL_THREADS_H_

#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/deadline.h"
#include "assay/patterns/hedge/hedge.h"
#include "assay/patterns/outcome.h"
#include "assay/patterns/waiting.h"

namespace assay {

// fn(attempt, token), or fn(attempt) where it takes no more.
template <class F>
auto CallAttempt(F& fn, int attempt, const std::stop_source& stop) {
  if constexpr (std::is_invocable_v<F&, int, std::stop_token>) {
    return std::invoke(fn, attempt, stop.get_token());
  } else {
    return std::invoke(fn, attempt);
  }
}

// The attempts of one call. For Call().
template <ThreadTime Time, class F, class Classifier>
class ThreadHedgedCall {
 public:
  using R = decltype(CallAttempt(std::declval<F&>(), 0, std::declval<const std::stop_source&>()));

  // All must outlive it.
  ThreadHedgedCall(Hedge& hedge, const Time& time, F& fn, Classifier& classify)
      : hedge_(hedge), time_(time), fn_(fn), classify_(classify) {}

  // Once.
  R Run() {
    {
      std::vector<std::jthread> threads;  // joined before anything is made of what they leave
      const struct Tell {
        ~Tell() { stop.request_stop(); }  // runs callbacks of `fn`, so not under the lock
        std::stop_source& stop;
      } tell_them_first{stop_};
      Deadline next = Deadline::At(time_.Now());
      while (IsDue(next)) next = Begin(threads);
    }
    if (result_) return *std::move(result_);
    if (failure_) return *std::move(failure_);
    std::rethrow_exception(thrown_);
  }

 private:
  // Waits until the next attempt is due. False when none is left to hope for.
  bool IsDue(Deadline next) {
    for (;;) {
      typename Time::Nap nap(time_);
      {
        const std::lock_guard lock(mutex_);
        const bool at_once = hedge_.at_failure() && !closed_;
        if (result_ || (begun_ > 0 && running_ == 0 && !at_once)) return false;
        if (at_once && failed_ > 0) {
          --failed_;
          return true;
        }
        if (next.Expired(time_.Now())) return true;
        nap_ = &nap;
      }
      nap.Until(next);
      const std::lock_guard lock(mutex_);
      nap_ = nullptr;
    }
  }

  // When the next one after this is due, unless this is the last or has been refused.
  Deadline Begin(std::vector<std::jthread>& threads) {
    const TimePoint now = time_.Now();
    const int number = begun_;
    closed_ = !hedge_.Begin(number, now) || !Start(threads, number, now) ||
              number + 1 == hedge_.max_attempts();
    return closed_ ? Deadline::Never() : Deadline::After(now, hedge_.Delay());
  }

  bool Start(std::vector<std::jthread>& threads, int number, TimePoint now) {
    {
      const std::lock_guard lock(mutex_);
      ++running_;
    }
    if (number == 0) first_out_since_ = now;
    try {
      threads.emplace_back([this, number, now] { Attempt(number, now); });
    } catch (const std::system_error&) {
      const std::lock_guard lock(mutex_);
      --running_;
      if (number == 0) throw;
      return false;
    }
    ++begun_;
    return true;
  }

  void Attempt(int number, TimePoint begun) noexcept {
    std::unique_lock lock(mutex_, std::defer_lock);
    try {
      R result = CallAttempt(fn_, number, stop_);
      lock.lock();
      if (!result_) Keep(number, begun, std::move(result));
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      if (!thrown_ || number == 0) thrown_ = std::current_exception();
    }
    if (!result_) ++failed_;
    if (number == 0) first_out_since_.reset();
    --running_;
    if (nap_ != nullptr) nap_->Wake();
  }

  void Keep(int number, TimePoint begun, R result) {
    if (classify_(std::as_const(result)) == Outcome::kSuccess) {
      const TimePoint now = time_.Now();
      hedge_.Won(number, now - begun, now);
      if (number > 0 && first_out_since_) hedge_.Overtaken(now - *first_out_since_);
      result_ = std::move(result);
    } else if (!failure_ || number == 0) {
      failure_ = std::move(result);
    }
  }

  Hedge& hedge_;
  const Time& time_;
  F& fn_;
  Classifier& classify_;
  std::stop_source stop_{};
  // Of the caller's thread:
  int begun_ = 0;
  bool closed_ = false;  // no more attempts begin

  std::mutex mutex_{};
  typename Time::Nap* nap_ = nullptr;  // of the caller, while it waits
  int running_ = 0;
  int failed_ = 0;  // and were followed by no other one at once
  std::optional<TimePoint> first_out_since_{};
  std::optional<R> result_{}, failure_{};
  std::exception_ptr thrown_{};
};

template <ThreadTime Time, class F, class Classifier = DefaultClassifier>
auto Call(Hedge& hedge, const Time& time, F fn, Classifier classify = {}) {
  return ThreadHedgedCall<Time, F, Classifier>(hedge, time, fn, classify).Run();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_HEDGE_CALL_THREADS_H_
