#include "tools/selftest/self_comparison.h"

#include <algorithm>
#include <utility>

#include "assay/core/duration_text.h"
#include "tools/regression/compare/metric.h"

namespace assay::selftest {
namespace {

using regression::BenchmarkProgram;
using regression::BlockValues;
using regression::Document;
using regression::Entry;

Error InPhase(const char* phase, Error error) {
  error.message = std::string(phase) + ": " + error.message;
  return error;
}

std::string WholeSeconds(Duration duration) {
  return DurationText(std::chrono::ceil<std::chrono::seconds>(duration));
}

void AddRepetitions(const Document& report, SelfComparison& comparison) {
  for (const std::string& name : comparison.names) comparison.launches[name].emplace_back();
  for (const Entry& entry : report.entries) {
    if (entry.status != Entry::Status::kOk || entry.kind != Entry::Kind::kIteration) continue;
    const auto value = regression::ValueOf(entry, regression::ClockOf(entry.run_name));
    if (value) comparison.launches[entry.run_name].back().push_back(*value);
  }
}

Result<Done> RunLaunches(const BenchmarkProgram& program, const SelfComparisonOptions& options,
                         const Progress& progress, SelfComparison& comparison) {
  const TimePoint start = options.now();
  const Pace pace{.least = 2, .most = options.launches, .budget = options.budget / 4};
  for (int done = 0; MayBegin(pace, done, options.now() - start); ++done) {
    if (progress) {
      progress("A/A: launch " + std::to_string(done + 1) + " of " +
               std::to_string(options.launches));
    }
    const auto report = program.Run(
        comparison.names, {.min_time_s = options.min_time_s, .repetitions = options.repetitions});
    if (!report) return report.error();
    AddRepetitions(*report, comparison);
  }
  return Done{};
}

Result<Done> RunBlocks(const BenchmarkProgram& program, const SelfComparisonOptions& options,
                       Duration budget, const Progress& progress, SelfComparison& comparison) {
  const TimePoint start = options.now();
  const Pace pace{.most = options.max_blocks, .budget = budget};
  int done = 0;
  // The runner's own budget could end it before the first block.
  const auto all_in_time = [&](const BlockValues& values) {
    regression::MoreBlocks more;
    if (!MayBegin(pace, ++done, options.now() - start)) return more;
    for (const auto& [name, blocks] : values) more.benchmarks.insert(name);
    return more;
  };
  const auto show = [&](const regression::BlockProgress& state) {
    if (!progress) return;
    const Duration left = std::max(budget - state.elapsed, Duration::zero());
    progress("A/A: block " + std::to_string(state.blocks) + " of at most " +
             std::to_string(state.max_blocks) + ", about " +
             WholeSeconds(std::min(left, state.remaining)) + " to go");
  };
  const regression::BlockOptions blocks{.seed = options.seed,
                                        .min_time_s = options.min_time_s,
                                        .repetitions = options.block_repetitions,
                                        .max_blocks = options.max_blocks,
                                        .filter = options.filter,
                                        .now = options.now};
  auto outcome = regression::BlockRunner(program, program, blocks).RunBlocks(all_in_time, show);
  if (!outcome) return std::move(outcome).error();
  comparison.outcome = std::move(*outcome);
  comparison.block = (options.now() - start) / std::max(done, 1);
  for (const auto& [name, values] : comparison.outcome.values) {
    if (values.blocks > 0) return Done{};
  }
  const auto& troubles = comparison.outcome.not_comparable;
  return Error{ErrorCode::kIo, "no row could be measured" +
                                   (troubles.empty() ? "" : ": " + troubles.begin()->second)};
}

}  // namespace

bool MayBegin(const Pace& pace, int done, Duration elapsed) {
  if (done >= pace.most) return false;
  return done < pace.least || elapsed + elapsed / done <= pace.budget;
}

Result<SelfComparison> CompareWithItself(const BenchmarkProgram& program,
                                         const SelfComparisonOptions& options,
                                         const Progress& progress) {
  const TimePoint start = options.now();
  SelfComparison comparison;
  auto names = program.List(options.filter, {});
  if (!names) return InPhase("A/A launches", std::move(names).error());
  comparison.names = std::move(*names);
  auto launched = RunLaunches(program, options, progress, comparison);
  if (!launched) return InPhase("A/A launches", std::move(launched).error());
  const Duration left = options.budget - (options.now() - start);
  auto ran = RunBlocks(program, options, left, progress, comparison);
  if (!ran) return InPhase("A/A blocks", std::move(ran).error());
  return comparison;
}

}  // namespace assay::selftest
