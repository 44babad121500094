// A bounded queue between those who produce items and those who consume them: a full one slows its
// producers down, or says what it drops.
//
//   Pipeline<Record> pipeline({.items = 1000, .batch_items = 100, .batch_age = milliseconds(50)});
//   const SteadyThreadTime time;
//   Result<Verdict> taken = Push(pipeline, time, std::move(record));       // on one thread
//   while (PopBatch(pipeline, time, batch).ok()) Write(batch);             // on another one
//   pipeline.Close();  // consumers take what is left, then get kPipelineClosed
//
// Push(), Pop() and PopBatch() in call.h wait, on threads and in coroutines, with the same
// pipeline; Consume() in consume.h is a consumer's loop, with a handler for items it fails on;
// WaitUntilDrained() in drain.h waits for the end. This class decides, without clock or thread, and
// allocates nothing once it is built: memory is that of `items` slots, however many pass. Every
// function may be called from any thread. The pipeline must outlive its ends, its waiters and every
// call in progress.
//
// Items of one producer come out in their order. Producers that wait are served in theirs: room is
// not given to them but filled with the items that they hold, so nobody overtakes. A consumer that
// waits is promised an item, which stays in the queue until it takes it; one that gives up, is
// cancelled or destroyed at that very moment loses nothing: the item is the next consumer's, and
// still the oldest. An item that is not taken charge of stays with its producer.
//
// A batch is what is there when there are `batch_items`, when the oldest is `batch_age` old, when
// there is no room for more or when no more will come.
//
// One mutex guards all, and nothing of the user runs under it but the moves and destructors of T,
// which must not throw nor use the pipeline.
//
// Sources: filling room with what waits as of Go's channels; put back at the front, not lost, as
// Asio's issue 1041 asks for. Left out: priorities, several queues, a queue without a limit.
#ifndef ASSAY_PATTERNS_PIPELINE_PIPELINE_H_
#define ASSAY_PATTERNS_PIPELINE_PIPELINE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "assay/core/option_check.h"
#include "assay/core/threads.h"
#include "assay/patterns/pipeline/metrics.h"
#include "assay/patterns/pipeline/ring.h"
#include "assay/patterns/pipeline/rules.h"
#include "assay/patterns/pipeline/waiter.h"

namespace assay {

enum class Receipt : std::uint8_t {
  kTaken,
  kWait,   // nothing is there, or not yet a batch
  kAgain,  // the same, but it has been woken; it needs a new nap, and to ask once more
  kEnded,  // nothing is there, nor will be
};

template <class T, class Threads = StdThreads>
class BasicPipeline {
 public:
  using Item = T;

  // How many bytes an item has, 0 or more. Called without the lock, whenever the
  // item is offered.
  using BytesOf = std::int64_t (*)(const T&);

  // Throws std::invalid_argument when an option is out of range, or when bytes are limited and
  // nobody says how many an item has.
  explicit BasicPipeline(const PipelineOptions& options = {}, BytesOf bytes_of = nullptr)
      : rules_(options), bytes_of_(bytes_of), ring_(options.items) {
    if (options.bytes != PipelineOptions::kUnlimited && bytes_of == nullptr) {
      OptionCheck("pipeline")
          .Refuse("bytes_of", "missing", "is not accepted with a limit of bytes");
    }
  }

  // --- without waiting ---

  // Moves from `item` when it is accepted, else leaves it. kFull where its producer would wait.
  // `now` is for the age of batches.
  Verdict TryPush(T& item, TimePoint now) noexcept {
    const Verdict verdict = Offer(item, now);
    return verdict == Verdict::kWait ? Refuse() : verdict;
  }
  Verdict TryPush(T&& item, TimePoint now) noexcept { return TryPush(item, now); }

  // In order, up to the first that is not Taken(), which is not counted: how many were.
  std::size_t TryPushAll(std::span<T> items, TimePoint now) noexcept;

  // The oldest item, if nobody waits for it.
  std::optional<T> TryPop() noexcept {
    std::optional<T> item;
    TryReceive(1, [&item](T&& oldest) { item.emplace(std::move(oldest)); });
    return item;
  }

  // At most `most` of the oldest: `take` is called with each, as T&&, under the lock; it must not
  // throw nor use the pipeline.
  template <class Take>
  Receipt TryReceive(int most, Take take) noexcept;

  // --- beginning and end ---

  // Nothing more is accepted; producers that wait are refused. Consumers take what is left.
  void Close() noexcept;

  // The same, and drops what is left.
  void Discard() noexcept;

  // Accepts again. What is left, and the metrics, stay.
  void Restart() noexcept;

  // Whoever wants its end to be noticed announces itself, by the guards in ends.h. Once there was a
  // consumer and the last one has gone, producers get kNoConsumer; once there was a producer and
  // the last one has gone, consumers see the end. Until another one comes.
  void AddProducer() noexcept;
  void RemoveProducer() noexcept;
  void AddConsumer() noexcept;
  void RemoveConsumer() noexcept;

  const PipelineRules& rules() const noexcept { return rules_; }
  const PipelineOptions& options() const noexcept { return rules_.options(); }
  std::int64_t BytesIn(const T& item) const { return bytes_of_ == nullptr ? 0 : bytes_of_(item); }

  // O(1).
  PipelineMetrics Snapshot() const noexcept;

  // --- for wrappers ---

  // TryPush() by one who will wait otherwise, and is not counted as refused at kWait.
  Verdict Offer(T& item, TimePoint now) noexcept { return StoreOne(item, now, true); }

  // As Offer(), but at kWait the producer is in the queue: what it ends up with is its verdict()
  // after Wake(), Expire() or Leave().
  Verdict Enter(PipelineProducer<T>& producer, TimePoint now) noexcept;
  void Expire(PipelineProducer<T>& producer) noexcept;  // its time is over
  void Leave(PipelineProducer<T>& producer) noexcept;   // it is about to be destroyed

  // To be called first, after Wake(), and when the time is due(). At kWait the consumer is in the
  // queue. It has to Leave() before it is destroyed.
  template <class Take>
  Receipt Receive(PipelineConsumer& consumer, TimePoint now, Take take) noexcept;
  void Leave(PipelineConsumer& consumer) noexcept;

  // At kWaits it is in the queue, until its Wake() or Leave(), which yields what has become of it
  // and changes nothing but the first time.
  DrainState Enter(PipelineDrainer& drainer) noexcept;
  DrainState Leave(PipelineDrainer& drainer) noexcept;

  void AddBlocked(Duration time) noexcept { blocked_.fetch_add(time.count()); }
  void AddProcessed(Duration time, bool failed) noexcept {
    processing_.fetch_add(time.count());
    if (failed) failed_.fetch_add(1);
  }

 private:
  template <class U>
  using Atomic = typename Threads::template Atomic<U>;
  using Lock = std::lock_guard<typename Threads::Mutex>;

  Verdict Refuse() noexcept;
  Verdict StoreOne(T& item, TimePoint now, bool count) noexcept;

  // With the mutex held.
  PipelineFill Fill() const noexcept {
    return {.items = ring_.size(),
            .bytes = ring_.bytes(),
            .closed = closed_,
            .no_consumer = no_consumer_,
            .producers_wait = producers_.head() != nullptr};
  }
  bool Ended() const noexcept { return closed_ || no_producer_; }
  bool Pressed() const noexcept { return pressed_ || producers_.head() != nullptr || Ended(); }
  int NotPromised() const noexcept { return ring_.size() - promised_; }
  Verdict Store(T& item, std::int64_t bytes, TimePoint now) noexcept;
  Verdict StoreNot(Verdict verdict, T& item, std::int64_t bytes, TimePoint now) noexcept;
  void CountRefusal(Verdict verdict) noexcept;
  void Add(T&& item, std::int64_t bytes, TimePoint now) noexcept;
  void NotePeak() noexcept;
  void AdmitProducers() noexcept;
  void RefuseProducers(Verdict verdict) noexcept;
  void Queue(PipelineConsumer& consumer, bool first) noexcept;
  bool ReadyFor(const PipelineConsumer& consumer, TimePoint now) const noexcept;
  bool ShouldWake(const PipelineConsumer& consumer) const noexcept;
  void ServeConsumers() noexcept;
  template <class Take>
  void TakeFront(int count, Take& take) noexcept;
  void DropFront() noexcept;
  DrainState Drained() const noexcept;
  void ServeDrainers() noexcept;

  const PipelineRules rules_;
  const BytesOf bytes_of_;

  mutable typename Threads::Mutex mutex_{};
  PipelineRing<T> ring_;
  WaiterQueue<PipelineProducer<T>> producers_{};
  WaiterQueue<PipelineConsumer> consumers_{};
  WaiterQueue<PipelineDrainer> drainers_{};
  int promised_ = 0;      // items that consumers were woken for and have not taken yet
  bool pressed_ = false;  // somebody found no room since the last one was taken
  bool closed_ = false;
  bool no_producer_ = false;
  bool no_consumer_ = false;
  int producer_ends_ = 0;
  int consumer_ends_ = 0;
  PipelineMetrics counted_{};  // as far as the lock guards it; `consumed` has what failed, too

  Atomic<std::uint64_t> failed_{0};
  Atomic<Duration::rep> blocked_{0};
  Atomic<Duration::rep> processing_{0};
};

template <class T>
using Pipeline = BasicPipeline<T>;

}  // namespace assay

#include "assay/patterns/pipeline/flow.h"       // IWYU pragma: keep
#include "assay/patterns/pipeline/lifecycle.h"  // IWYU pragma: keep

#endif  // ASSAY_PATTERNS_PIPELINE_PIPELINE_H_
