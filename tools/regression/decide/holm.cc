#include "tools/regression/decide/holm.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace assay::regression {

std::vector<bool> HolmRejects(std::span<const double> p, double alpha) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [p](std::size_t left, std::size_t right) { return p[left] < p[right]; });
  std::vector<bool> rejected(p.size(), false);
  std::size_t left = p.size();
  for (const std::size_t index : order) {
    if (p[index] > alpha / static_cast<double>(left)) break;
    rejected[index] = true;
    --left;
  }
  return rejected;
}

}  // namespace assay::regression
