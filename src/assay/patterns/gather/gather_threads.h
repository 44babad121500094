// Many calls, at most so many at a time; on threads, for code without coroutines (gather.h).
//
//   auto pages = Gather(8, urls, [&](const Url& url) { return Fetch(url); });
//
// Three forms, which differ in what they make of the results:
// - Gather: all values in the order of the inputs, or the first error; then no more calls begin.
// - GatherAll: every outcome, in the order of the inputs.
// - GatherEach: each outcome as it comes, to a function that may say that it is enough.
//
// Inputs are any input range and are taken one by one, when a call can begin: a generator need not
// know its end. `fn` takes an input and returns a Result. A thread cannot be cancelled from
// outside: where `fn` takes a std::stop_token behind the input, that tells it when nobody wants its
// result any more, and it had better end then. All calls have ended when the gathering does,
// however it ends; what one throws stops the rest and goes on to the caller. What a call comes to
// after the stop, error or exception, is dropped: the error is the first that came up by itself.
//
// Blocks. The caller's thread makes calls, too; beside it are `limit` - 1 threads, or fewer, since
// none begins before there is an input for it. They cost what threads cost, some 10 us each: for
// calls that wait, not for those that compute for a moment. A limit below 1 is kInvalidRequest; a
// thread that cannot be had is std::system_error.
//
// `fn` is called by several threads at once. The inputs are taken under one lock and `take` is
// called under another, so neither is ever used by two threads at once, and `take` must not wait
// for a call that has not ended. Left out: a way to stop a gathering from outside, but by `take`.
#ifndef ASSAY_PATTERNS_GATHER_GATHER_THREADS_H_
#define ASSAY_PATTERNS_GATHER_GATHER_THREADS_H_

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <ranges>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/result.h"
#include "assay/patterns/gather/gathered.h"

namespace assay {

// fn(input, stop token), or fn(input) where it takes no more.
template <class F, class Input>
auto CallGathered(F& fn, Input input, const std::stop_source& stop) {
  if constexpr (std::is_invocable_v<F&, Input, std::stop_token>) {
    return std::invoke(fn, std::move(input), stop.get_token());
  } else {
    return std::invoke(fn, std::move(input));
  }
}

// The Result that fn returns.
template <class Inputs, class F>
using ThreadGatheredResult =
    decltype(CallGathered(std::declval<F&>(), std::declval<std::ranges::range_value_t<Inputs>>(),
                          std::declval<const std::stop_source&>()));

// The threads of one gathering. For the functions below.
template <std::ranges::input_range Inputs, class F, class Take>
class ThreadGathering {
 public:
  ThreadGathering(Inputs& inputs, F& fn, Take& take)
      : fn_(fn), take_(take), next_(std::ranges::begin(inputs)), end_(std::ranges::end(inputs)) {}

  // Once. Throws what a call, `take`, the inputs or the start of a thread has thrown.
  void Run(int limit) {
    {
      std::vector<std::jthread> others;
      try {
        for (int i = 1; i < limit; ++i) {
          auto first = TakeInput();
          if (!first) break;
          others.emplace_back(
              [this, first = std::move(first)]() mutable { Work(std::move(first)); });
        }
      } catch (...) {
        Stop(std::current_exception());
      }
      Work({});
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  struct Taken {
    std::size_t index;
    std::ranges::range_value_t<Inputs> input;
  };

  void Work(std::optional<Taken> first) noexcept {
    try {
      if (first) Call(*std::move(first));
      while (auto taken = TakeInput()) Call(*std::move(taken));
    } catch (...) {
      Stop(std::current_exception());
    }
  }

  std::optional<Taken> TakeInput() {
    const std::lock_guard lock(inputs_mutex_);
    if (exhausted_ || enough_) return {};
    exhausted_ = true;  // stays so when the range throws
    // Not before the next is wanted: it may be long in coming, and this call need not wait for it.
    if (count_ > 0) ++next_;
    if (next_ == end_) return {};
    std::optional<Taken> taken(Taken{.index = count_, .input = *next_});
    ++count_;
    exhausted_ = false;
    return taken;
  }

  void Call(Taken taken) {
    auto result = CallGathered(fn_, std::move(taken.input), stop_);
    {
      const std::lock_guard lock(outcomes_mutex_);
      if (enough_) return;
      try {
        if (take_(taken.index, std::move(result))) return;
      } catch (...) {
        thrown_ = std::current_exception();
      }
      enough_ = true;
    }
    stop_.request_stop();  // runs callbacks of `fn`, so not under the lock
  }

  void Stop(std::exception_ptr thrown) {
    {
      const std::lock_guard lock(outcomes_mutex_);
      if (enough_) return;
      thrown_ = std::move(thrown);
      enough_ = true;
    }
    stop_.request_stop();
  }

  F& fn_;
  Take& take_;
  // Nobody can be told where nobody takes a token.
  std::stop_source stop_ =
      std::is_invocable_v<F&, std::ranges::range_value_t<Inputs>, std::stop_token>
          ? std::stop_source()
          : std::stop_source(std::nostopstate);

  std::mutex inputs_mutex_{};
  std::ranges::iterator_t<Inputs> next_;
  std::ranges::sentinel_t<Inputs> end_;
  std::size_t count_ = 0;
  bool exhausted_ = false;

  std::mutex outcomes_mutex_{};
  std::exception_ptr thrown_{};
  std::atomic<bool> enough_ = false;  // set under the lock; who takes inputs looks without it
};

// take(index, Result): the outcome of an input, from 0; false when no more are wanted.
template <std::ranges::input_range Inputs, class F, class Take>
Result<Done> GatherEach(int limit, Inputs inputs, F fn, Take take) {
  if (auto refused = RefusedGatherLimit(limit)) return *std::move(refused);
  ThreadGathering<Inputs, F, Take>(inputs, fn, take).Run(limit);
  return Done{};
}

template <std::ranges::input_range Inputs, class F, class R = ThreadGatheredResult<Inputs, F>>
Result<std::vector<R>> GatherAll(int limit, Inputs inputs, F fn) {
  InOrder<R> outcomes(ExpectedOutcomes(inputs));
  const auto take = [&outcomes](std::size_t index, R result) {
    outcomes.Keep(index, std::move(result));
    return true;
  };
  const auto done = GatherEach(limit, std::move(inputs), std::move(fn), take);
  if (!done.ok()) return done.error();
  return outcomes.TakeAll();
}

template <std::ranges::input_range Inputs, class F,
          class T = typename ThreadGatheredResult<Inputs, F>::value_type>
Result<std::vector<T>> Gather(int limit, Inputs inputs, F fn) {
  ValuesInOrder<T> values(ExpectedOutcomes(inputs));
  const auto take = [&values](std::size_t index, Result<T> result) {
    return values.Keep(index, std::move(result));
  };
  const auto done = GatherEach(limit, std::move(inputs), std::move(fn), take);
  if (!done.ok()) return done.error();
  return values.TakeAll();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_GATHER_GATHER_THREADS_H_
