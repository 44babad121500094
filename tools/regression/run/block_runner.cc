#include "tools/regression/run/block_runner.h"

#include <algorithm>

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
  next_.benchmarks = {matched_.begin(), matched_.end()};
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
      matched_.push_back(name);
      outcome_.values[name];
    }
  }
  for (const std::string& name : *head) {
    if (!in_base.contains(name)) outcome_.fresh.push_back(name);
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
  for (const auto& [name, times] : block.times) {
    const auto found = outcome_.values.find(name);
    if (found == outcome_.values.end()) continue;
    found->second.push_back(BlockValue(block.order, times));
    SideTimes& sides = outcome_.times[name];
    for (std::size_t launch = 0; launch < times.size(); ++launch) {
      const bool base = SideOfLaunch(block.order, launch) == Side::kBase;
      (base ? sides.base_ns : sides.head_ns).push_back(times[launch]);
    }
  }
  ++outcome_.blocks;
  last_block_ = block.elapsed;
  last_benchmarks_ = block.times.size() + block.not_comparable.size();
  next_ = more(outcome_.values);
  std::erase_if(next_.benchmarks,
                [&](const std::string& name) { return !outcome_.values.contains(name); });
  if (progress) progress(Progress());
}

// Nothing when it was cancelled in the middle.
Result<std::optional<Block>> BlockRunner::Measure(int number) {
  Names names;
  std::copy_if(matched_.begin(), matched_.end(), std::back_inserter(names),
               [&](const std::string& name) { return next_.benchmarks.contains(name); });
  Block block{.number = number, .order = OrderOfBlock(options_.seed, number)};
  const TimePoint start = options_.now();
  for (std::size_t launch = 0; launch < std::tuple_size_v<LaunchTimes>; ++launch) {
    const auto added = AddLaunch(launch, names, block);
    // The launch that a cancellation has ended reports a failure, too.
    if (Cancelled()) return std::optional<Block>();
    if (!added.ok()) return added.error();
  }
  for (const auto& [name, why] : block.not_comparable) block.times.erase(name);
  if (const auto same = CheckStamps(); !same.ok()) return same.error();
  block.elapsed = options_.now() - start;
  return std::optional<Block>(std::move(block));
}

Result<Done> BlockRunner::AddLaunch(std::size_t launch, const Names& names, Block& block) {
  const Side side = SideOfLaunch(block.order, launch);
  const BenchmarkProgram& program = side == Side::kBase ? base_ : head_;
  auto report = program.Run(names, {options_.min_time_s, options_.repetitions, Process()});
  if (!report.ok()) return report.error();
  const auto times = GatedTimes(*report);
  for (const std::string& name : names) {
    const GatedTime& time = times.at(name);
    block.times[name][launch] = time.ns;
    if (!time.trouble.empty()) {
      block.not_comparable.emplace(name, NameOf(side) + " " + time.trouble);
    }
  }
  (side == Side::kBase ? outcome_.base : outcome_.head) = std::move(*report);
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
