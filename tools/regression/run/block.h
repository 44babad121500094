// One randomised interleaved block: four launches in the order ABBA or BAAB.
//
// A is the base, B the head. Two neighbouring launches of different sides make a
// pair; over the two pairs of a block a linear drift and the effect of being first
// cancel. Which of the two orders it is, a fair coin decides: that is what makes
// tests on the block values exact.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_BLOCK_H_
#define ASSAY_TOOLS_REGRESSION_RUN_BLOCK_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/clock.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

enum class Side : std::uint8_t { kBase, kHead };
enum class BlockOrder : std::uint8_t { kAbba, kBaab };

std::string_view ToString(BlockOrder order) noexcept;  // "ABBA"

BlockOrder OrderOfBlock(std::uint64_t seed, int block) noexcept;
Side SideOfLaunch(BlockOrder order, std::size_t launch) noexcept;  // launch: 0 to 3

// A value from each of the four launches, in the order of time; NaN where a launch
// has none.
using LaunchValues = std::array<double, 4>;

// log(head ÷ base), the mean of the block's two pairs. Zero, which has no logarithm,
// stands far below every other value: two zeros are equal, one zero is a change
// beyond any tolerance. NaN when a value is negative or missing.
double BlockValue(BlockOrder order, const LaunchValues& values) noexcept;

// Which numbers of a report are kept: "cpu_time", "real_time" and names of counters.
struct RecordedMetrics {
  std::vector<std::string> medians{"cpu_time", "real_time"};  // over a launch's repetitions
  std::vector<std::string> counts{};  // only where all its repetitions say the same

  friend bool operator==(const RecordedMetrics&, const RecordedMetrics&) = default;
};

// By benchmark, then by metric.
using BlockMetrics = std::map<std::string, std::map<std::string, LaunchValues>>;

struct Block {
  int number = 0;
  BlockOrder order = BlockOrder::kAbba;
  Duration elapsed{};
  BlockMetrics medians{};                               // every benchmark that was comparable
  BlockMetrics counts{};                                // those of them that have counts
  std::map<std::string, std::string> not_comparable{};  // benchmark -> what happened to it
};

// What one launch says of one benchmark: numbers, or why there are none. A metric
// that it does not have, or not as a finite number, is left out.
struct LaunchReading {
  std::map<std::string, double> medians{};
  std::map<std::string, double> counts{};
  std::string trouble{};
};

// For every benchmark in a report, over its repetitions. Of a benchmark that reports
// aggregates only, its own medians, and no counts.
std::map<std::string, LaunchReading> ReadingsIn(const Document& report,
                                                const RecordedMetrics& metrics);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BLOCK_H_
