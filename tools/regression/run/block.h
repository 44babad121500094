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

#include "assay/core/clock.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

enum class Side : std::uint8_t { kBase, kHead };
enum class BlockOrder : std::uint8_t { kAbba, kBaab };

std::string_view ToString(BlockOrder order) noexcept;  // "ABBA"

BlockOrder OrderOfBlock(std::uint64_t seed, int block) noexcept;
Side SideOfLaunch(BlockOrder order, std::size_t launch) noexcept;  // launch: 0 to 3

// Nanoseconds per iteration in the four launches, in the order of time.
using LaunchTimes = std::array<double, 4>;

// log(head / base), the mean of the block's two pairs. All times > 0.
double BlockValue(BlockOrder order, const LaunchTimes& times) noexcept;

struct Block {
  int number = 0;
  BlockOrder order = BlockOrder::kAbba;
  Duration elapsed{};
  std::map<std::string, LaunchTimes> times{};           // by benchmark
  std::map<std::string, std::string> not_comparable{};  // benchmark -> what happened to it
};

// What one launch says of one benchmark: a time, or why there is none.
struct GatedTime {
  double ns = 0;
  std::string trouble;
};

// For every benchmark in a report the median over its repetitions of the clock that
// Google Benchmark itself went by: real time when the name says real_time or
// manual_time, CPU time otherwise. Of a benchmark that reports aggregates only, its
// own median.
std::map<std::string, GatedTime> GatedTimes(const Document& report);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BLOCK_H_
