// Into and out of a pipeline by whoever can wait, on threads and in coroutines.
//
//   const SteadyThreadTime time;
//   const Deadline soon = Deadline::After(time.Now(), std::chrono::seconds(5));
//   Result<Verdict> taken = Push(pipeline, time, std::move(record), soon);
//   Result<Record> oldest = Pop(pipeline, time);
//   std::vector<Record> batch;
//   Result<int> count = PopBatch(pipeline, time, batch);  // appended to it
//
// In coroutines of Boost.Asio, with the same pipeline:
//
//   AsioTime time(co_await boost::asio::this_coro::executor);
//   Result<Verdict> taken = co_await PushAsync(pipeline, time, record);
//   Result<Record> oldest = co_await PopAsync(pipeline, time);
//   Result<int> count = co_await PopBatchAsync(pipeline, time, batch);
//
// Pushing yields kAccept, kDropOldest or kDropNewest, or an error, and then the item has not been
// moved from: kLimitReached from a pipeline that rejects when full, kTimeout where no room came
// before the earlier of `deadline` and push_timeout, kPipelineClosed where it is closed or its last
// consumer has gone, kInvalidRequest where the item has fewer bytes than 0 or more than the limit.
//
// Popping yields the oldest item, or an error: kPipelineClosed at the end of what is left, kTimeout
// where nothing came, or no batch was complete, before `deadline`; what is there stays there.
//
// What is there or fits is had whatever the deadline. A wait that ends by an exception (as Asio's
// does when it is cancelled) or with its coroutine loses nothing: an item that had been promised
// goes to the next consumer. Whether a push that is destroyed while it waits has succeeded just
// before cannot be known; its item is in exactly one of both places.
//
// Blocks the calling thread (or suspends the coroutine) only where it has to wait; not waiting
// allocates nothing, but for the frame of a coroutine.
#ifndef ASSAY_PATTERNS_PIPELINE_CALL_H_
#define ASSAY_PATTERNS_PIPELINE_CALL_H_

#include <coroutine>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "assay/patterns/pipeline/place.h"
#include "assay/patterns/pipeline/task_of.h"
#include "assay/patterns/waiting.h"

namespace assay {

// The clock is read for the age of batches only. `time` is anything with Now().
template <class P, class Time>
TimePoint NowFor(const P& pipeline, const Time& time) {
  return pipeline.rules().ages() ? time.Now() : TimePoint{};
}

template <class P>
Result<Verdict> PushResult(const P& pipeline, Verdict verdict, const typename P::Item& item,
                           Duration waited) {
  if (Taken(verdict)) return verdict;
  return pipeline.rules().Refusal(verdict, pipeline.BytesIn(item), waited);
}

template <class P, ThreadTime Time>
Result<Verdict> Push(P& pipeline, const Time& time, typename P::Item&& item,
                     Deadline deadline = Deadline::Never()) {
  const Verdict verdict = pipeline.Offer(item, NowFor(pipeline, time));
  if (verdict != Verdict::kWait) return PushResult(pipeline, verdict, item, Duration::zero());
  ProducerPlace<P, const Time> place(pipeline, time, item, deadline);
  if (place.Waits()) place.AfterNap(place.nap().Until(place.until()));
  return PushResult(pipeline, place.settled(), item, place.longest());
}

// All of `items` in order, under one lock where they fit. `items` becomes those that were not taken
// charge of: none, or at an error the one it is about and what is behind it.
template <class P, ThreadTime Time>
Result<Done> PushAll(P& pipeline, const Time& time, std::span<typename P::Item>& items,
                     Deadline deadline = Deadline::Never()) {
  for (;;) {
    items = items.subspan(pipeline.TryPushAll(items, NowFor(pipeline, time)));
    if (items.empty()) return Done{};
    auto pushed = Push(pipeline, time, std::move(items.front()), deadline);
    if (!pushed.ok()) return std::move(pushed).error();
    items = items.subspan(1);
  }
}

template <class P, ThreadTime Time>
Result<typename P::Item> Pop(P& pipeline, const Time& time, Deadline deadline = Deadline::Never()) {
  std::optional<typename P::Item> item;
  const auto take = [&item](typename P::Item&& oldest) { item.emplace(std::move(oldest)); };
  if (pipeline.TryReceive(1, take) == Receipt::kTaken) return std::move(*item);
  ConsumerPlace<P, const Time> place(pipeline, time, deadline, 1, false);
  while (place.Waits(take)) place.nap().Until(place.until());
  if (!place.taken()) return place.Refusal();
  return std::move(*item);
}

// Appends a batch to `batch` and yields how many items: batch_items at the most. To use no memory
// but once, pass the same vector again, cleared.
template <class P, ThreadTime Time>
Result<int> PopBatch(P& pipeline, const Time& time, std::vector<typename P::Item>& batch,
                     Deadline deadline = Deadline::Never()) {
  const int most = pipeline.options().batch_items;
  batch.reserve(batch.size() + static_cast<std::size_t>(most));  // not under the lock
  int count = 0;
  const auto take = [&](typename P::Item&& oldest) {
    batch.push_back(std::move(oldest));
    ++count;
  };
  ConsumerPlace<P, const Time> place(pipeline, time, deadline, most, true);
  while (place.Waits(take)) place.nap().Until(place.until());
  if (!place.taken()) return place.Refusal();
  return count;
}

// In coroutines that can await the naps of `time`; the task is of their kind (task_of.h).
//
// `item` has to live as long as the task, and is moved from where pushing succeeds only.
template <class P, CoroutineTime Time>
TaskOf<Time, Result<Verdict>> PushAsync(P& pipeline, Time& time, typename P::Item& item,
                                        Deadline deadline = Deadline::Never()) {
  const Verdict verdict = pipeline.Offer(item, NowFor(pipeline, time));
  if (verdict != Verdict::kWait) co_return PushResult(pipeline, verdict, item, Duration::zero());
  ProducerPlace<P, Time> place(pipeline, time, item, deadline);
  if (place.Waits()) {
    const bool time_is_over = co_await place.nap().Until(place.until());
    place.AfterNap(time_is_over);
  }
  co_return PushResult(pipeline, place.settled(), item, place.longest());
}

template <class P, CoroutineTime Time>
TaskOf<Time, Result<typename P::Item>> PopAsync(P& pipeline, Time& time,
                                                Deadline deadline = Deadline::Never()) {
  std::optional<typename P::Item> item;
  const auto take = [&item](typename P::Item&& oldest) { item.emplace(std::move(oldest)); };
  if (pipeline.TryReceive(1, take) == Receipt::kTaken) co_return std::move(*item);
  ConsumerPlace<P, Time> place(pipeline, time, deadline, 1, false);
  while (place.Waits(take)) co_await place.nap().Until(place.until());
  if (!place.taken()) co_return place.Refusal();
  co_return std::move(*item);
}

// `batch` has to live as long as the task.
template <class P, CoroutineTime Time>
TaskOf<Time, Result<int>> PopBatchAsync(P& pipeline, Time& time,
                                        std::vector<typename P::Item>& batch,
                                        Deadline deadline = Deadline::Never()) {
  const int most = pipeline.options().batch_items;
  batch.reserve(batch.size() + static_cast<std::size_t>(most));
  int count = 0;
  const auto take = [&](typename P::Item&& oldest) {
    batch.push_back(std::move(oldest));
    ++count;
  };
  ConsumerPlace<P, Time> place(pipeline, time, deadline, most, true);
  while (place.Waits(take)) co_await place.nap().Until(place.until());
  if (!place.taken()) co_return place.Refusal();
  co_return count;
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_CALL_H_
