#include "tools/regression/run/block_runner.h"

#include <algorithm>
#include <limits>

#include "tools/regression/run/fingerprint.h"

namespace assay::regression {
namespace {

using Stop = BlockOutcome::Stop;

std::map<std::string, int> Counted(const std::vector<std::string>& names) {
  std::map<std::string, int> counts;
  for (const std::string& name : names) ++counts[name];
  return counts;
}

std::string NameOf(Side side) { return side == Side::kBase ? "base" : "head"; }

// Puts what one launch says where the block has its four values.
void Put(const std::map<std::string, double>& values, std::size_t launch,
         std::map<std::string, LaunchValues>& metrics) {
  for (const auto& [metric, value] : values) {
    const auto [at, fresh] = metrics.try_emplace(metric);
    if (fresh) at->second.fill(std::numeric_limits<double>::quiet_NaN());
    at->second[launch] = value;
  }
}

void Extend(BlockOrder order, const std::map<std::string, LaunchValues>& metrics,
            std::map<std::string, MetricSeries>& all) {
  for (const auto& [metric, values] : metrics) {
    MetricSeries& series = all[metric];
    series.blocks.push_back(BlockValue(order, values));
    for (std::size_t launch = 0; launch < values.size(); ++launch) {
      const bool base = SideOfLaunch(order, launch) == Side::kBase;
      (base ? series.base : series.head).push_back(values[launch]);
    }
  }
}

}  // namespace

BlockRunner::BlockRunner(BenchmarkProgram base, BenchmarkProgram head, BlockOptions options)
    : base_(std::move(base)), head_(std::move(head)), options_(std::move(options)) {}

Result<BlockOutcome> BlockRunner::RunBlocks(const Decider& more, const ProgressSink& progress) {
  start_ = options_.now();
  base_stamp_ = FileStamp(base_.path());
  head_stamp_ = FileStamp(head_.path());
  for (const auto step : {&BlockRunner::MatchLists, &BlockRunner::OpenLog}) {
    const auto done = (this->*step)();
    if (!done.ok() && !Cancelled()) return done.error();
  }
  next_.benchmarks = {base_order_.begin(), base_order_.end()};
  for (const Block& block : loaded_.blocks) Take(block, more, progress);

  std::optional<Stop> stop = StopNow();
  while (!stop.has_value()) {
    const auto block = Measure(outcome_.blocks);
    if (!block.ok()) return block.error();
    if (block.value().has_value()) {
      if (log_.has_value()) {
        if (const auto written = log_->Append(**block); !written.ok()) return written.error();
      }
      Take(**block, more, progress);
    }
    stop = StopNow();
  }
  outcome_.stop = *stop;
  return std::move(outcome_);
}

Result<Done> BlockRunner::MatchLists() {
  const auto base = base_.List(options_.filter, Process());
  if (!base.ok()) return base.error();
  const auto head = head_.List(options_.filter, Process());
  if (!head.ok()) return head.error();
  const auto in_base = Counted(*base);
  const auto in_head = Counted(*head);
  for (const std::string& name : *base) {
    const auto other = in_head.find(name);
    if (in_base.at(name) > 1 || (other != in_head.end() && other->second > 1)) {
      outcome_.not_comparable[name] = "more than one benchmark has this name";
    } else if (other == in_head.end()) {
      outcome_.missing.push_back(name);
    } else {
      base_order_.push_back(name);
      outcome_.values[name];
    }
  }
  for (const std::string& name : *head) {
    if (!in_base.contains(name)) outcome_.fresh.push_back(name);
    if (outcome_.values.contains(name)) head_order_.push_back(name);
  }
  return Done{};
}

Result<BlockLogHeader> BlockRunner::Header() const {
  const auto base_hash = ContentHash(base_.path());
  if (!base_hash.ok()) return base_hash.error();
  const auto head_hash = ContentHash(head_.path());
  if (!head_hash.ok()) return head_hash.error();
  return BlockLogHeader{.seed = options_.seed,
                        .min_time_s = options_.min_time_s,
                        .repetitions = options_.repetitions,
                        .cpu = options_.cpu,
                        .filter = options_.filter,
                        .metrics = options_.metrics,
                        .base = {base_.path(), base_.arguments(), *base_hash},
                        .head = {head_.path(), head_.arguments(), *head_hash}};
}

Result<Done> BlockRunner::OpenLog() {
  if (options_.log.empty()) return Done{};
  const auto header = Header();
  if (!header.ok()) return header.error();
  auto log = BlockLog::Open(options_.log, *header, loaded_);
  if (!log.ok()) return log.error();
  log_ = std::move(log).value();
  outcome_.notes = loaded_.notes;
  return Done{};
}

// Adds a block to the values and asks what is next.
void BlockRunner::Take(const Block& block, const Decider& more, const ProgressSink& progress) {
  for (const auto& [name, why] : block.not_comparable) {
    outcome_.not_comparable[name] = why;
    outcome_.values.erase(name);
  }
  for (const auto& [name, metrics] : block.medians) {
    const auto found = outcome_.values.find(name);
    if (found == outcome_.values.end()) continue;
    ++found->second.blocks;
    Extend(block.order, metrics, found->second.medians);
    const auto counts = block.counts.find(name);
    if (counts != block.counts.end()) Extend(block.order, counts->second, found->second.counts);
  }
  ++outcome_.blocks;
  last_block_ = block.elapsed;
  last_benchmarks_ = block.medians.size() + block.not_comparable.size();
  next_ = more(outcome_.values);
  std::erase_if(next_.benchmarks,
                [&](const std::string& name) { return !outcome_.values.contains(name); });
  if (progress) progress(Progress());
}

// What goes on, in the order of one side.
BlockRunner::Names BlockRunner::NextOf(const Names& order) const {
  Names names;
  std::ranges::copy_if(order, std::back_inserter(names),
                       [&](const std::string& name) { return next_.benchmarks.contains(name); });
  return names;
}

// Nothing when it was cancelled in the middle.
Result<std::optional<Block>> BlockRunner::Measure(int number) {
  Block block{.number = number, .order = OrderOfBlock(options_.seed, number)};
  const TimePoint start = options_.now();
  for (std::size_t launch = 0; launch < std::tuple_size_v<LaunchValues>; ++launch) {
    const auto added = AddLaunch(launch, block);
    // The launch that a cancellation has ended reports a failure, too.
    if (Cancelled()) return std::optional<Block>();
    if (!added.ok()) return added.error();
  }
  for (const auto& [name, why] : block.not_comparable) {
    block.medians.erase(name);
    block.counts.erase(name);
  }
  if (const auto same = CheckStamps(); !same.ok()) return same.error();
  block.elapsed = options_.now() - start;
  return std::optional<Block>(std::move(block));
}

Result<Done> BlockRunner::AddLaunch(std::size_t launch, Block& block) {
  const Side side = SideOfLaunch(block.order, launch);
  const bool base = side == Side::kBase;
  const BenchmarkProgram& program = base ? base_ : head_;
  const Names names = NextOf(base ? base_order_ : head_order_);
  auto report = program.Run(names, {options_.min_time_s, options_.repetitions, Process()});
  if (!report.ok()) return report.error();
  const auto readings = ReadingsIn(*report, options_.metrics);
  for (const std::string& name : names) {
    const LaunchReading& reading = readings.at(name);
    if (!reading.trouble.empty()) {
      block.not_comparable.emplace(name, NameOf(side) + " " + reading.trouble);
    }
    Put(reading.medians, launch, block.medians[name]);
    if (!reading.counts.empty()) Put(reading.counts, launch, block.counts[name]);
  }
  std::optional<Document>& first = base ? outcome_.base : outcome_.head;
  if (!first.has_value()) first = std::move(*report);
  return Done{};
}

// A build that runs meanwhile would mix two programs in one result.
Result<Done> BlockRunner::CheckStamps() const {
  for (const auto& [path, stamp] :
       {std::pair(base_.path(), base_stamp_), std::pair(head_.path(), head_stamp_)}) {
    if (FileStamp(path) != stamp) {
      return Error{ErrorCode::kIo, path + ": running blocks: was written while it was measured"};
    }
  }
  return Done{};
}

std::optional<Stop> BlockRunner::StopNow() const {
  if (Cancelled()) return Stop::kCancelled;
  if (next_.benchmarks.empty()) return Stop::kDecided;
  if (outcome_.blocks >= options_.max_blocks) return Stop::kMaxBlocks;
  if (options_.budget.has_value() && options_.now() - start_ + NextBlock() > *options_.budget) {
    return Stop::kBudget;
  }
  return std::nullopt;
}

// How long the next block will take, as the last one went; 0 before the first.
Duration BlockRunner::NextBlock() const {
  if (last_benchmarks_ == 0) return {};
  return last_block_ * next_.benchmarks.size() / last_benchmarks_;
}

BlockProgress BlockRunner::Progress() const {
  BlockProgress progress{.blocks = outcome_.blocks,
                         .max_blocks = options_.max_blocks,
                         .undecided = next_.benchmarks.size(),
                         .elapsed = options_.now() - start_};
  const int most = std::max(options_.max_blocks - outcome_.blocks, 0);
  progress.remaining = NextBlock() * std::clamp(next_.blocks.value_or(most), 0, most);
  if (options_.budget.has_value()) {
    const Duration left = std::max(*options_.budget - progress.elapsed, Duration::zero());
    progress.remaining = std::min(progress.remaining, left);
  }
  return progress;
}

ProcessOptions BlockRunner::Process() const {
  return {.timeout = options_.timeout, .cancelled = options_.cancelled, .cpu = options_.cpu};
}

}  // namespace assay::regression
