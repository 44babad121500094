// A call with alternatives for when it fails.
//
//   auto answer = Call(fallback, [&] { return Ask(primary); },
//                      [&](const Error&) { return Ask(replica); },
//                      [&](const Error&) -> Result<Price> { return kListPrice; });
//   if (answer.ok() && answer->degraded()) …
//
// `fn` takes nothing, an alternative the error before it; each returns (CallAsync: a task of) a
// Result of one type. Alternatives are asked in their order until one answers, or an error comes
// that none may stand in for. What they throw goes on to the caller and is not counted.
#ifndef ASSAY_PATTERNS_FALLBACK_CALL_H_
#define ASSAY_PATTERNS_FALLBACK_CALL_H_

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "assay/core/result.h"
#include "assay/patterns/fallback/fallback.h"
#include "assay/patterns/waiting.h"

namespace assay {

// The way along the chain, for the wrappers below.
template <class T>
class FallbackWalk {
 public:
  FallbackWalk(Fallback& fallback, Error error)
      : fallback_(fallback), first_(std::move(error)) {}

  // May the next alternative be asked? With last().
  bool GoOn() {
    ++source_;
    handled_ = handled_ && fallback_.Handles(last());
    return handled_ && !answer_;
  }
  const Error& last() const noexcept { return last_ ? *last_ : first_; }

  // What it has said; true when that is the end.
  bool Take(Result<T> result) {
    if (result.ok()) {
      answer_ = Answer<T>{std::move(result).value(), source_, std::move(first_)};
      return true;
    }
    last_ = std::move(result).error();
    others_ += "; instead: " + last_->message;
    return false;
  }

  Result<Answer<T>> End() && {
    if (answer_) {
      fallback_.CountDegraded();
      return *std::move(answer_);
    }
    if (handled_) {
      fallback_.CountExhausted();
    } else {
      fallback_.CountUnhandled();
    }
    first_.message += others_;
    return std::move(first_);
  }

 private:
  Fallback& fallback_;
  Error first_;
  std::optional<Error> last_{};  // of an alternative
  std::string others_{};
  std::optional<Answer<T>> answer_{};
  int source_ = 0;
  bool handled_ = true;
};

template <class F, class... Alternatives, class T = typename std::invoke_result_t<F&>::value_type>
Result<Answer<T>> Call(Fallback& fallback, F&& fn, Alternatives&&... alternatives) {
  auto result = std::invoke(fn);
  if (result.ok()) return Answer<T>{std::move(result).value()};
  FallbackWalk<T> walk(fallback, std::move(result).error());
  const auto ends = [&walk](auto& alternative) {
    return !walk.GoOn() || walk.Take(std::invoke(alternative, walk.last()));
  };
  (void)(ends(alternatives) || ...);
  return std::move(walk).End();
}

// The same as a coroutine of type Time::Task; of `time` it takes nothing but that type. `fn` and
// the alternatives are moved into the coroutine.
template <CoroutineTime Time, class F, class... Alternatives,
          class T = typename std::invoke_result_t<F&>::value_type::value_type>
typename Time::template Task<Result<Answer<T>>> CallAsync(Fallback& fallback, Time&, F fn,
                                                          Alternatives... alternatives) {
  Result<T> result = co_await fn();
  if (result.ok()) co_return Answer<T>{std::move(result).value()};
  FallbackWalk<T> walk(fallback, std::move(result).error());
  using Task = std::invoke_result_t<F&>;
  const std::function<Task(const Error&)> chain[] = {std::ref(alternatives)...};
  for (const auto& alternative : chain) {
    if (!walk.GoOn()) break;
    Result<T> other = co_await alternative(walk.last());
    if (walk.Take(std::move(other))) break;
  }
  co_return std::move(walk).End();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_FALLBACK_CALL_H_
