#include "bench/regression/replay.h"

#include <algorithm>
#include <cmath>

#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

void Append(std::vector<double>& values, const std::vector<double>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

void AddBlock(const TraceBlock& block, Round& round) {
  for (const auto& [name, launches] : block.ns) {
    LaunchValues medians{};
    const bool first = !round.values.contains(name);
    for (std::size_t launch = 0; launch < launches.size(); ++launch) {
      medians[launch] = Median(launches[launch]);
      const bool base = SideOfLaunch(block.order, launch) == Side::kBase;
      const auto side = base ? &Files::base : &Files::head;
      Append(round.all[name].*side, launches[launch]);
      if (first && launch < 2) Append(round.first[name].*side, launches[launch]);
    }
    round.values[name].push_back(BlockValue(block.order, medians));
  }
}

}  // namespace

std::vector<Round> RoundsOf(const Traces& traces, double extra) {
  std::map<int, Round> rounds;
  for (const TraceBlock& block : traces.blocks) {
    if (block.extra == extra) AddBlock(block, rounds[block.round]);
  }
  std::vector<Round> list;
  for (auto& [number, round] : rounds) list.push_back(std::move(round));
  return list;
}

std::map<std::string, Replayed> Replay(const RowBlocks& recorded, double tolerance) {
  std::vector<Evidence> evidence(
      recorded.size(), Evidence{.grade = Grade::kA, .tolerance = tolerance, .blocks = {}});
  std::vector<Replayed> outcome(recorded.size());
  bool more = true;
  while (more) {
    more = false;
    auto blocks = recorded.begin();
    for (std::size_t i = 0; i < evidence.size(); ++i, ++blocks) {
      const std::size_t taken = evidence[i].blocks.size();
      if (outcome[i].verdict != Verdict::kInconclusive || taken == blocks->second.size()) continue;
      evidence[i].blocks.push_back(blocks->second[taken]);
      outcome[i].blocks = static_cast<int>(taken + 1);
      more = true;
    }
    const std::vector<Decision> decisions = Decide(evidence, {});
    for (std::size_t i = 0; i < evidence.size(); ++i) outcome[i].verdict = decisions[i].verdict;
  }
  std::map<std::string, Replayed> by_name;
  auto result = outcome.begin();
  for (const auto& [name, blocks] : recorded) by_name[name] = *result++;
  return by_name;
}

double StandardDeviation(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const double n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1));
}

}  // namespace assay::regression
