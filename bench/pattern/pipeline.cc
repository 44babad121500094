// What does an item cost on its way through a pipeline: alone, in batches, between two threads,
// refused?
#include "assay/patterns/pipeline/pipeline.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "assay/patterns/pipeline/call.h"
#include "bench/harness/allocations.h"
#include "bench/harness/memory.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr int kBatch = 64;

// What any bounded queue does: an item into a ring and out of it.
class PlainRing {
 public:
  bool Push(int item) {
    if (size_ == kItems) return false;
    items_[(front_ + size_++) % kItems] = item;
    return true;
  }
  int Pop() {
    const int item = items_[front_];
    front_ = (front_ + 1) % kItems;
    --size_;
    return item;
  }

 private:
  static constexpr unsigned kItems = 1024;
  std::array<int, kItems> items_{};
  unsigned front_ = 0;
  unsigned size_ = 0;
};

// `pass` sends its argument through and returns what comes out.
template <class Pass>
void TimePass(benchmark::State& state, Pass pass) {
  std::int64_t sum = 0, expected = 0;
  int item = 0;
  TakeAllocations();  // a pipeline's own are not its items'
  for (auto _ : state) {
    item = (item + 1) & 0xffff;
    expected += item;
    sum += pass(item);
  }
  if (sum != expected) state.SkipWithError("what came out is not what went in");
}

void Floor(benchmark::State& state) {
  PlainRing ring;
  benchmark::DoNotOptimize(&ring);
  TimePass(state, [&](int item) {
    ring.Push(item);
    benchmark::ClobberMemory();
    return ring.Pop();
  });
}

// The same under a lock that nobody else wants, taken once to push and once to pop.
void FloorLocked(benchmark::State& state) {
  PlainRing ring;
  std::mutex mutex;
  benchmark::DoNotOptimize(&ring);
  TimePass(state, [&](int item) {
    {
      const std::lock_guard lock(mutex);
      ring.Push(item);
    }
    const std::lock_guard lock(mutex);
    return ring.Pop();
  });
}

void CheckCounts(benchmark::State& state, const PipelineMetrics& metrics, std::int64_t items) {
  if (metrics.consumed != static_cast<std::uint64_t>(items) ||
      metrics.produced != metrics.consumed || metrics.items != 0 || metrics.dropped != 0 ||
      metrics.rejected != 0) {
    state.SkipWithError("items that went in and that came out differ");
  }
}

void Calm(benchmark::State& state) {
  Pipeline<int> pipeline;
  TimePass(state, [&](int item) {
    pipeline.TryPush(item, kNow);
    return pipeline.TryPop().value_or(-1);
  });
  CheckCounts(state, pipeline.Snapshot(), state.iterations());
}

// Through the wrappers that wait if they have to.
void CalmCall(benchmark::State& state, const PipelineOptions& options) {
  const SteadyThreadTime time;
  Pipeline<int> pipeline(options);
  TimePass(state, [&](int item) {
    benchmark::DoNotOptimize(Push(pipeline, time, std::move(item)));
    return Pop(pipeline, time).value();
  });
  CheckCounts(state, pipeline.Snapshot(), state.iterations());
}

// One iteration is one item of a batch.
void Batched(benchmark::State& state) {
  Pipeline<int> pipeline({.batch_items = kBatch});
  std::array<int, kBatch> items{};
  std::int64_t sum = 0, expected = 0, batches = 0;
  TakeAllocations();
  while (state.KeepRunningBatch(kBatch)) {
    items[0] = static_cast<int>(++batches);
    expected += batches;
    pipeline.TryPushAll(items, kNow);
    pipeline.TryReceive(kBatch, [&sum](int&& item) { sum += item; });
  }
  if (sum != expected) state.SkipWithError("what came out is not what went in");
  CheckCounts(state, pipeline.Snapshot(), batches * kBatch);
}

void Refusing(benchmark::State& state, Overflow overflow) {
  Pipeline<int> pipeline({.items = 1, .overflow = overflow});
  const SteadyThreadTime time;
  if (!Push(pipeline, time, 1).ok()) state.SkipWithError("an empty pipeline did not accept");
  TakeAllocations();
  for (auto _ : state) benchmark::DoNotOptimize(Push(pipeline, time, 2));
  const PipelineMetrics metrics = pipeline.Snapshot();
  if (metrics.rejected + metrics.dropped != static_cast<std::uint64_t>(state.iterations()) ||
      metrics.items != 1) {
    state.SkipWithError("not every item was refused or dropped");
  }
}

// A producer, timed, and a consumer; the last item has arrived when time is taken.
template <class ConsumeAll>
void TwoThreads(benchmark::State& state, const PipelineOptions& options, ConsumeAll consume_all) {
  const SteadyThreadTime time;
  Pipeline<int> pipeline(options);
  std::int64_t received = 0;
  std::thread consumer([&] { received = consume_all(pipeline, time); });
  TakeAllocations();
  for (auto _ : state) benchmark::DoNotOptimize(Push(pipeline, time, 1));
  pipeline.Close();
  consumer.join();
  if (received != state.iterations()) state.SkipWithError("items got lost");
  CheckCounts(state, pipeline.Snapshot(), state.iterations());
}

std::int64_t PopAll(Pipeline<int>& pipeline, const SteadyThreadTime& time) {
  std::int64_t sum = 0;
  for (auto item = Pop(pipeline, time); item.ok(); item = Pop(pipeline, time)) sum += *item;
  return sum;
}

std::int64_t PopAllInBatches(Pipeline<int>& pipeline, const SteadyThreadTime& time) {
  std::int64_t sum = 0;
  for (std::vector<int> batch; PopBatch(pipeline, time, batch).ok(); batch.clear()) {
    for (const int item : batch) sum += item;
  }
  return sum;
}

// What two threads pay for one lock and one ring, whatever they do with them.
struct SharedRing {
  std::mutex mutex{};
  PlainRing ring{};
};

void FloorContended(benchmark::State& state, SharedRing& shared) {
  std::int64_t sum = 0;
  for (auto _ : state) {
    {
      const std::lock_guard lock(shared.mutex);
      shared.ring.Push(1);
    }
    const std::lock_guard lock(shared.mutex);
    sum += shared.ring.Pop();
  }
  if (sum != state.iterations()) state.SkipWithError("the floor does not add up");
}

// Two threads that both push and pop, as the other patterns' rows of this name.
void Contended(benchmark::State& state, Pipeline<int>& pipeline) {
  std::int64_t sum = 0;
  for (auto _ : state) {
    pipeline.TryPush(1, kNow);
    sum += pipeline.TryPop().value_or(0);
  }
  if (sum != state.iterations()) state.SkipWithError("not every item came out");
}

// `items` of 1 KB through a pipeline of at most 1000: what the process has resident beyond what it
// had before the first.
void Resident(benchmark::State& state, int items) {
  using Kilobyte = std::array<char, 1024>;
  double before = 0, peak = 0;
  for (auto _ : state) {
    MemoryNow();  // gives back what others have left
    MarkPeak();
    before = MemoryNow().resident_bytes;
    Pipeline<Kilobyte> pipeline;
    Kilobyte item{};
    for (int i = 0; i < items; ++i) {
      item[0] = static_cast<char>(i);
      if (pipeline.TryPush(item, kNow) == Verdict::kFull) {
        while (pipeline.TryPop()) {
        }
        pipeline.TryPush(item, kNow);
      }
    }
    peak = PeakResidentBytes();
    if (pipeline.Snapshot().produced != static_cast<std::uint64_t>(items)) {
      state.SkipWithError("not every item was accepted");
    }
  }
  state.counters["resident_kb"] = (peak - before) / 1024;
}

void RegisterThreads() {
  RegisterPatternCase("pattern/pipeline/producer_consumer", [](benchmark::State& state) {
    TwoThreads(state, {}, PopAll);
  })->UseRealTime();
  RegisterPatternCase("pattern/pipeline/producer_consumer_batched", [](benchmark::State& state) {
    TwoThreads(state, {.batch_items = kBatch, .batch_age = std::chrono::milliseconds(1)},
               PopAllInBatches);
  })->UseRealTime();
  const auto floor = std::make_shared<SharedRing>();
  RegisterPatternCase("pattern/pipeline/floor_contended",
                      [floor](benchmark::State& state) { FloorContended(state, *floor); })
      ->Threads(2)
      ->UseRealTime();
  const auto shared = std::make_shared<Pipeline<int>>();
  RegisterPatternCase("pattern/pipeline/contended",
                      [shared](benchmark::State& state) { Contended(state, *shared); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace

void RegisterPipelineBenchmarks() {
  RegisterPatternCase("pattern/pipeline/floor", Floor);
  RegisterPatternCase("pattern/pipeline/floor_locked", FloorLocked);
  RegisterPatternCase("pattern/pipeline/calm", Calm);
  RegisterPatternCase("pattern/pipeline/calm_call",
                      [](benchmark::State& state) { CalmCall(state, {}); });
  RegisterPatternCase("pattern/pipeline/calm_call_with_clock", [](benchmark::State& state) {
    CalmCall(state, {.batch_age = std::chrono::seconds(1)});
  });
  RegisterPatternCase("pattern/pipeline/batched", Batched);
  RegisterPatternCase("pattern/pipeline/refusing",
                      [](benchmark::State& state) { Refusing(state, Overflow::kReject); });
  RegisterPatternCase("pattern/pipeline/dropping_newest",
                      [](benchmark::State& state) { Refusing(state, Overflow::kDropNewest); });
  RegisterPatternCase("pattern/pipeline/dropping_oldest",
                      [](benchmark::State& state) { Refusing(state, Overflow::kDropOldest); });
  RegisterThreads();
  for (const int items : {10'000, 10'000'000}) {
    const std::string name = "pattern/pipeline/resident:" + std::to_string(items);
    RegisterPatternCase(name.c_str(), [items](benchmark::State& state) { Resident(state, items); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace assay::bench
