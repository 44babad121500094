// Many calls, at most so many at a time; in coroutines.
//
//   auto pages = co_await Gather(time, 8, urls, [&](const Url& url) { return Fetch(url); });
//
// Three forms, which differ in what they make of the results:
// - Gather: all values in the order of the inputs, or the first error; then the rest is cancelled.
// - GatherAll: every outcome, in the order of the inputs.
// - GatherEach: each outcome as it comes, to a function that may say that it is enough.
//
// Inputs are any input range and are taken one by one, when a call can begin: a generator need not
// know its end. `fn` takes an input and returns a task of a Result. All calls have ended when the
// gathering does, however it ends; what one throws cancels the rest and goes on to the caller.
// The error is the first that came up by itself, never that of a call which was cancelled because
// of it (Go's errgroup #27837 hides the one behind the other). Where the caller is cancelled, no
// more calls begin, and it is kCancelled unless a call throws.
//
// `limit` coroutines work off the inputs, so a call costs no allocation beyond its own task and its
// place in the result, which has memory at once for up to 1024 that can be counted. A limit below 1
// is kInvalidRequest. All runs on the executor of `time`.
//
// Who gathers inside of a gathering has limit x limit calls at once: each level has its own limit,
// and so they cannot wait for each other for ever, as they would for permits of one semaphore.
#ifndef ASSAY_PATTERNS_GATHER_GATHER_H_
#define ASSAY_PATTERNS_GATHER_GATHER_H_

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/result.h"
#include "assay/patterns/gather/gathered.h"
#include "assay/patterns/waiting.h"

namespace assay {

// The workers of one gathering. For the functions below.
template <ConcurrentTime Time, std::ranges::input_range Inputs, class F, class Take>
class Gathering {
 public:
  template <class T>
  using Task = typename Time::template Task<T>;
  using Children = typename Time::Children;

  Gathering(Time& time, Inputs& inputs, F& fn, Take& take)
      : fn_(fn),
        take_(take),
        next_(std::ranges::begin(inputs)),
        end_(std::ranges::end(inputs)),
        workers_(time) {}

  // True where they have to be waited for.
  bool Begin(int workers) {
    try {
      for (int i = 0; i < workers && IsNext(); ++i) workers_.Spawn(Work());
    } catch (...) {
      Fail();
    }
    return workers_.running() > 0;
  }
  auto Join() { return workers_.Join(); }

  // When all have ended.
  Result<Done> End() const {
    if (thrown_) std::rethrow_exception(thrown_);
    if (workers_.cancelled() && !enough_) return Error{ErrorCode::kCancelled, "gather: cancelled"};
    return Done{};
  }

 private:
  Task<void> Work() {
    try {
      while (IsNext()) {
        const std::size_t index = count_++;
        std::ranges::range_value_t<Inputs> input = *next_;
        taken_ = true;
        auto result = co_await fn_(std::move(input));
        if (!enough_ && !take_(index, std::move(result))) Stop();
      }
    } catch (...) {
      Fail();
    }
  }

  // Whether an input is left that somebody wants.
  bool IsNext() {
    if (enough_ || workers_.cancelled()) return false;
    // Not before the next is wanted: it may be long in coming, and the calls need not wait for it.
    if (std::exchange(taken_, false)) ++next_;
    return next_ != end_;
  }

  void Fail() {
    if (!enough_) thrown_ = std::current_exception();
    Stop();
  }
  void Stop() {
    enough_ = true;
    // Once: who is winding up is not to be told again.
    if (!workers_.cancelled()) workers_.Cancel();
  }

  F& fn_;
  Take& take_;
  std::ranges::iterator_t<Inputs> next_;
  std::ranges::sentinel_t<Inputs> end_;
  std::size_t count_ = 0;
  bool taken_ = false;  // what next_ is at
  bool enough_ = false;
  std::exception_ptr thrown_{};
  Children workers_;
};

// take(index, Result): the outcome of an input, from 0; false when no more are wanted.
template <ConcurrentTime Time, std::ranges::input_range Inputs, class F, class Take>
typename Time::template Task<Result<Done>> GatherEach(Time& time, int limit, Inputs inputs, F fn,
                                                      Take take) {
  if (auto refused = RefusedGatherLimit(limit)) co_return *std::move(refused);
  Gathering<Time, Inputs, F, Take> gathering(time, inputs, fn, take);
  if (gathering.Begin(limit)) co_await gathering.Join();
  co_return gathering.End();
}

// The type of what fn's task comes to.
template <class Inputs, class F>
using GatheredResult =
    typename std::invoke_result_t<F&, std::ranges::range_value_t<Inputs>>::value_type;

template <ConcurrentTime Time, std::ranges::input_range Inputs, class F,
          class R = GatheredResult<Inputs, F>>
typename Time::template Task<Result<std::vector<R>>> GatherAll(Time& time, int limit, Inputs inputs,
                                                               F fn) {
  InOrder<R> outcomes(ExpectedOutcomes(inputs));
  const auto take = [&outcomes](std::size_t index, R result) {
    outcomes.Keep(index, std::move(result));
    return true;
  };
  const auto done = co_await GatherEach(time, limit, std::move(inputs), std::move(fn), take);
  if (!done.ok()) co_return done.error();
  co_return outcomes.TakeAll();
}

template <ConcurrentTime Time, std::ranges::input_range Inputs, class F,
          class T = typename GatheredResult<Inputs, F>::value_type>
typename Time::template Task<Result<std::vector<T>>> Gather(Time& time, int limit, Inputs inputs,
                                                            F fn) {
  ValuesInOrder<T> values(ExpectedOutcomes(inputs));
  const auto take = [&values](std::size_t index, Result<T> result) {
    return values.Keep(index, std::move(result));
  };
  const auto done = co_await GatherEach(time, limit, std::move(inputs), std::move(fn), take);
  if (!done.ok()) co_return done.error();
  co_return values.TakeAll();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_GATHER_GATHER_H_
