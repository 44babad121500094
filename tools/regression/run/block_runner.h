// Compares two Google Benchmark executables in randomised interleaved blocks, until
// somebody else says that it is enough.
//
// A block (block.h) is four launches, base and head in the order ABBA or BAAB; each
// launch runs only the benchmarks that are still undecided. What is decided, and how,
// is not known here: after each block a callback gets all block values so far.
//
// A benchmark that only one side has is reported, never run. One that fails or is
// skipped on a side, or whose name is there twice, is not comparable and leaves.
// Whatever makes a whole launch worthless ends the run with an Error; the blocks that
// were complete are in the log, and a later run takes up from there. The same
// executables, options and seed give the same orders.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_BLOCK_RUNNER_H_
#define ASSAY_TOOLS_REGRESSION_RUN_BLOCK_RUNNER_H_

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/regression/run/benchmark_program.h"
#include "tools/regression/run/block.h"
#include "tools/regression/run/block_log.h"

namespace assay::regression {

struct BlockOptions {
  std::uint64_t seed = 1;
  double min_time_s = 0.05;                     // per repetition
  int repetitions = 3;                          // per launch
  int max_blocks = 32;                          // with those taken over from a log
  Duration timeout = std::chrono::seconds(60);  // of a launch: LaunchOptions::process
  std::optional<int> cpu{};                     // for both sides: the only CPU they may run on
  std::string filter = ".";                     // which benchmarks, as Google Benchmark takes it
  RecordedMetrics metrics{};                    // what is kept of each of them
  std::optional<Duration> budget{};             // no block begins that would probably end after it
  std::string log{};  // path of a block log to begin or to continue; none when empty
  const std::atomic<bool>* cancelled = nullptr;
  std::function<TimePoint()> now = [] { return SteadyClock().Now(); };
};

// One metric of one benchmark, in the order of time.
struct MetricSeries {
  std::vector<double> blocks{};  // BlockValue() of each block
  std::vector<double> base{};    // what they were made of: two launches a block; NaN: without it
  std::vector<double> head{};

  friend bool operator==(const MetricSeries&, const MetricSeries&) = default;
};

// What is known of one benchmark, by metric. A series is shorter than `blocks` where
// whole blocks were without the metric.
struct BenchmarkBlocks {
  std::size_t blocks = 0;
  std::map<std::string, MetricSeries> medians{};
  std::map<std::string, MetricSeries> counts{};

  friend bool operator==(const BenchmarkBlocks&, const BenchmarkBlocks&) = default;
};

using BlockValues = std::map<std::string, BenchmarkBlocks>;  // by benchmark

// What the callback wants next.
struct MoreBlocks {
  std::set<std::string> benchmarks{};  // none: it is enough
  std::optional<int> blocks{};         // how many it will probably take, for the progress only
};

struct BlockProgress {
  int blocks = 0;  // done, with those taken over from a log
  int max_blocks = 0;
  std::size_t undecided = 0;
  Duration elapsed{};
  Duration remaining{};  // an estimate, from the last block; at most what the limits allow
};

struct BlockOutcome {
  enum class Stop : std::uint8_t { kDecided, kMaxBlocks, kBudget, kCancelled };

  Stop stop = Stop::kDecided;
  int blocks = 0;
  BlockValues values{};                                 // of what both sides have
  std::vector<std::string> missing{};                   // in base only
  std::vector<std::string> fresh{};                     // in head only
  std::map<std::string, std::string> not_comparable{};  // benchmark -> why
  // The first report of each side, which has everything; none without a launch.
  std::optional<Document> base{};
  std::optional<Document> head{};
  std::vector<std::string> notes{};
};

class BlockRunner {
 public:
  using Decider = std::function<MoreBlocks(const BlockValues&)>;
  using ProgressSink = std::function<void(const BlockProgress&)>;

  BlockRunner(BenchmarkProgram base, BenchmarkProgram head, BlockOptions options);

  // Once per object. `more` is asked after every block, those from a log included.
  // Cancellation discards the block in progress and gives the outcome without it.
  Result<BlockOutcome> RunBlocks(const Decider& more, const ProgressSink& progress = {});

 private:
  using Names = std::vector<std::string>;

  Result<Done> MatchLists();
  Result<Done> OpenLog();
  Result<std::optional<Block>> Measure(int number);
  Result<Done> AddLaunch(std::size_t launch, Block& block);
  Names NextOf(const Names& order) const;
  Result<Done> CheckStamps() const;
  Result<BlockLogHeader> Header() const;
  std::optional<BlockOutcome::Stop> StopNow() const;
  ProcessOptions Process() const;
  void Take(const Block& block, const Decider& more, const ProgressSink& progress);
  Duration NextBlock() const;
  BlockProgress Progress() const;
  bool Cancelled() const { return options_.cancelled != nullptr && *options_.cancelled; }

  BenchmarkProgram base_;
  BenchmarkProgram head_;
  BlockOptions options_;
  TimePoint start_{};
  std::uint64_t base_stamp_ = 0;
  std::uint64_t head_stamp_ = 0;
  Names base_order_;  // what both sides have, in the order of each
  Names head_order_;
  MoreBlocks next_;
  Duration last_block_{};            // how long the last one took …
  std::size_t last_benchmarks_ = 0;  // … and of how many benchmarks
  std::optional<BlockLog> log_;
  LoadedBlocks loaded_;
  BlockOutcome outcome_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BLOCK_RUNNER_H_
