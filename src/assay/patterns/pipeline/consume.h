// A consumer's loop: every item to a function, what it fails on to a handler.
//
//   DeadLetters<Record> failed({.items = 100, .overflow = Overflow::kDropOldest});
//   std::thread writer([&] {
//     Consume(pipeline, time, [&](Record& record) { return Write(record); }, Keep(failed, time));
//   });
//
// `fn` gets the item by reference and returns (ConsumeAsync: a task of) a Result; at an error
// `on_error` is called with the item, as `fn` has left it, and the error, and the item is counted
// as failed. Where `fn` throws, or its coroutine is cancelled or destroyed, the item goes to
// `on_error` with kCancelled before the loop ends. `on_error` must not throw; from several
// consumers it is called at a time.
//
// For as long as it runs the loop is a ConsumerEnd: producers notice when the last one has gone.
// It yields Done at the end of the pipeline.
#ifndef ASSAY_PATTERNS_PIPELINE_CONSUME_H_
#define ASSAY_PATTERNS_PIPELINE_CONSUME_H_

#include <functional>
#include <utility>

#include "assay/core/error.h"
#include "assay/core/result.h"
#include "assay/patterns/pipeline/call.h"
#include "assay/patterns/pipeline/ends.h"

namespace assay {

template <class T>
struct Failed {
  T item;
  Error error;
};

// What consumers failed on, for another consumer. Have it drop the oldest, or refuse: an
// error handler that waits for room stops its consumer.
template <class T>
using DeadLetters = Pipeline<Failed<T>>;

// A handler that puts them there; what does not fit is counted there. `time` is that of their
// consumer, and says how old they are. Both must outlive the handler.
template <class T, ClockSource Clock>
auto Keep(DeadLetters<T>& letters, const Clock& time) {
  return [&letters, &time](T&& item, const Error& error) {
    letters.TryPush(Failed<T>{std::move(item), error}, NowFor(letters, time));
  };
}
template <class T, ClockSource Clock>
void Keep(DeadLetters<T>& letters, const Clock&& time) = delete;

// An item in the hands of a consumer. One that is not Settle()d has failed.
template <class P, class Time, class OnError>
class ItemInWork {
 public:
  ItemInWork(P& pipeline, const Time& time, typename P::Item&& item, OnError& on_error)
      : pipeline_(pipeline),
        time_(time),
        begun_(time.Now()),
        item_(std::move(item)),
        on_error_(on_error) {}
  ItemInWork(const ItemInWork&) = delete;
  ItemInWork& operator=(const ItemInWork&) = delete;
  ~ItemInWork() {
    if (!settled_) Fail({ErrorCode::kCancelled, "pipeline: the consumer gave up on the item"});
  }

  typename P::Item& item() noexcept { return item_; }

  template <class R>
  void Settle(const R& result) {
    if (!result.ok()) return Fail(result.error());
    settled_ = true;
    pipeline_.AddProcessed(time_.Now() - begun_, false);
  }

 private:
  void Fail(const Error& error) {
    settled_ = true;
    pipeline_.AddProcessed(time_.Now() - begun_, true);
    on_error_(std::move(item_), error);
  }

  P& pipeline_;
  const Time& time_;
  const TimePoint begun_;
  typename P::Item item_;
  OnError& on_error_;
  bool settled_ = false;
};

template <class P, ThreadTime Time, class F, class OnError>
Done Consume(P& pipeline, const Time& time, F&& fn, OnError&& on_error) {
  const ConsumerEnd end(pipeline);
  for (;;) {
    auto next = Pop(pipeline, time);
    if (!next.ok()) return Done{};
    ItemInWork work(pipeline, time, std::move(*next), on_error);
    work.Settle(std::invoke(fn, work.item()));
  }
}

// `fn` and `on_error` are copied or moved into the coroutine.
template <class P, CoroutineTime Time, class F, class OnError>
TaskOf<Time, Done> ConsumeAsync(P& pipeline, Time& time, F fn, OnError on_error) {
  const ConsumerEnd end(pipeline);
  for (;;) {
    auto next = co_await PopAsync(pipeline, time);
    if (!next.ok()) co_return Done{};
    ItemInWork work(pipeline, time, std::move(*next), on_error);
    const auto result = co_await std::invoke(fn, work.item());
    work.Settle(result);
  }
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_CONSUME_H_
