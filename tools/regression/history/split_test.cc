#include "tools/regression/history/split_test.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {
namespace {

constexpr int kEnoughExceedances = 20;

struct Item {
  double mass;  // weight × (value - mean)
  double weight;
};

double LargestStatistic(const std::vector<Item>& items, double total_weight, std::size_t shortest) {
  double mass = 0;
  double weight = 0;
  double largest = 0;
  for (std::size_t left = 1; left + shortest <= items.size(); ++left) {
    mass += items[left - 1].mass;
    weight += items[left - 1].weight;
    if (left < shortest) continue;
    largest = std::max(largest, mass * mass / (weight * (total_weight - weight)));
  }
  return largest;
}

// Fisher and Yates. The product's high half maps 32 random bits to [0, bound); its
// bias, bound ÷ 2^32, is far below what any number of permutations can see.
void Shuffle(std::vector<Item>& items, std::uint64_t stream) {
  for (std::size_t left = items.size(); left > 1; --left) {
    const std::uint64_t bits = Mix(stream + left) >> 32;
    std::swap(items[left - 1], items[(bits * left) >> 32]);
  }
}

}  // namespace

double TestForSplit(std::span<const double> values, std::span<const double> weights,
                    const SplitTestOptions& options) {
  if (values.size() < 2 * options.shortest) return 1;
  double total_weight = 0;
  double mean = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    total_weight += weights[i];
    mean += weights[i] * values[i];
  }
  mean /= total_weight;
  std::vector<Item> items;
  items.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    items.push_back({weights[i] * (values[i] - mean), weights[i]});
  }
  // Equal arrangements must count as equal whatever the order of summation.
  const double observed = LargestStatistic(items, total_weight, options.shortest) * (1 - 1e-9);
  int reached = 0;
  for (int round = 1; round <= options.permutations; ++round) {
    Shuffle(items, Draw(options.seed, "split test", 0, static_cast<std::uint64_t>(round)));
    if (LargestStatistic(items, total_weight, options.shortest) < observed) continue;
    if (++reached == kEnoughExceedances) return static_cast<double>(reached) / round;
  }
  return (reached + 1.0) / (options.permutations + 1.0);
}

}  // namespace assay::regression
