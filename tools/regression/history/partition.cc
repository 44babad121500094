#include "tools/regression/history/partition.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>

namespace assay::regression {
namespace {

std::vector<std::size_t> SortedOrder(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

// The cost of [start, end) for one start and every end. All values of the suffix
// stand in one list in order of size, with a finger on the median; taking the last
// value out moves the finger by a step or so. Growing the stretch instead would
// need a search tree, and log n for every step.
class ShrinkingStretch {
 public:
  ShrinkingStretch(std::span<const double> values, std::span<const double> weights)
      : end_(static_cast<std::int32_t>(values.size())),
        order_(SortedOrder(values)),
        rank_(values.size()),
        nodes_(values.size()) {
    for (std::size_t rank = 0; rank < order_.size(); ++rank) {
      rank_[order_[rank]] = static_cast<std::int32_t>(rank);
      nodes_[rank] = {values[order_[rank]], weights[order_[rank]], 0, 0};
    }
  }

  void StartAt(std::size_t start) {
    all_ = {};
    low_ = {};
    std::int32_t last = -1;
    for (std::size_t rank = 0; rank < order_.size(); ++rank) {
      if (order_[rank] < start) continue;
      const auto here = static_cast<std::int32_t>(rank);
      (last < 0 ? median_ : At(last).next) = here;
      At(here).previous = last;
      all_.Add(At(here), 1);
      last = here;
    }
    At(last).next = end_;
    Balance();
  }

  double Cost() const {
    const Node& median = nodes_[static_cast<std::size_t>(median_)];
    const double below = median.value * low_.weight - low_.sum;
    const double above = (all_.sum - low_.sum) - median.value * (all_.weight - low_.weight);
    return below + above;
  }

  // Takes `index` out; at least one other value must be left.
  void Remove(std::size_t index) {
    const std::int32_t gone = rank_[index];
    const Node node = At(gone);
    all_.Add(node, -1);
    if (gone < median_) low_.Add(node, -1);
    if (node.previous >= 0) At(node.previous).next = node.next;
    if (node.next < end_) At(node.next).previous = node.previous;
    if (gone == median_) {
      median_ = node.next;
      if (median_ == end_) StepDownTo(node.previous);
    }
    Balance();
  }

 private:
  struct Node {
    double value;
    double weight;
    std::int32_t previous;
    std::int32_t next;
  };
  struct Sum {
    double weight = 0;
    double sum = 0;
    void Add(const Node& node, double sign) {
      weight += sign * node.weight;
      sum += sign * node.weight * node.value;
    }
  };

  Node& At(std::int32_t rank) { return nodes_[static_cast<std::size_t>(rank)]; }

  void StepDownTo(std::int32_t rank) {
    median_ = rank;
    low_.Add(At(rank), -1);
  }

  void Balance() {
    while (2 * low_.weight > all_.weight && At(median_).previous >= 0) {
      StepDownTo(At(median_).previous);
    }
    while (2 * (low_.weight + At(median_).weight) < all_.weight && At(median_).next < end_) {
      low_.Add(At(median_), 1);
      median_ = At(median_).next;
    }
  }

  std::int32_t end_;
  std::int32_t median_ = 0;
  Sum all_{};
  Sum low_{};  // of what stands before the median
  std::vector<std::size_t> order_;
  std::vector<std::int32_t> rank_;
  std::vector<Node> nodes_;
};

}  // namespace

std::vector<std::size_t> Partition(std::span<const double> values, std::span<const double> weights,
                                   double penalty, std::size_t shortest) {
  const std::size_t n = values.size();
  if (n < 2 * shortest) return {};
  ShrinkingStretch stretch(values, weights);
  std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(n + 1, 0);
  best[0] = 0;
  for (std::size_t start = 0; start + shortest <= n; ++start) {
    if (best[start] == std::numeric_limits<double>::infinity()) continue;
    stretch.StartAt(start);
    for (std::size_t end = n;; --end) {
      const double total = best[start] + stretch.Cost() + penalty;
      if (total < best[end]) {
        best[end] = total;
        from[end] = start;
      }
      if (end == start + shortest) break;
      stretch.Remove(end - 1);
    }
  }
  std::vector<std::size_t> starts;
  for (std::size_t at = from[n]; at > 0; at = from[at]) starts.push_back(at);
  std::reverse(starts.begin(), starts.end());
  return starts;
}

double WeightedMedian(std::span<const double> values, std::span<const double> weights) {
  if (values.empty()) return 0;
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double below = 0;
  const auto order = SortedOrder(values);
  for (const std::size_t index : order) {
    below += weights[index];
    if (2 * below >= total) return values[index];
  }
  return values[order.back()];
}

}  // namespace assay::regression
