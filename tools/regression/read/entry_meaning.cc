#include "tools/regression/read/entry_meaning.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace assay::regression {
namespace {

using Counter = std::pair<std::string, double>;

}  // namespace

std::optional<double> NanosecondsIn(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  return std::nullopt;
}

std::string_view AggregateOf(std::string_view name) {
  constexpr std::array<std::string_view, 6> kKnown = {"mean", "median", "stddev",
                                                      "cv",   "BigO",   "RMS"};
  for (const std::string_view known : kKnown) {
    if (name.size() > known.size() + 1 && name.ends_with(known) &&
        name[name.size() - known.size() - 1] == '_') {
      return known;
    }
  }
  return {};
}

int ThreadsOf(std::string_view run_name) {
  constexpr std::string_view kMark = "/threads:";
  const std::size_t mark = run_name.rfind(kMark);
  if (mark == std::string_view::npos) return 1;
  const std::string_view digits = run_name.substr(mark + kMark.size());
  int threads = 1;
  std::from_chars(digits.data(), digits.data() + digits.size(), threads);
  return threads;
}

std::size_t SortCounters(std::vector<Counter>& counters) {
  const auto not_after = [](const Counter& a, const Counter& b) { return a.first >= b.first; };
  const auto less = [](const Counter& a, const Counter& b) { return a.first < b.first; };
  const auto same = [](const Counter& a, const Counter& b) { return a.first == b.first; };
  // The usual case: Google Benchmark writes them from a std::map.
  if (std::adjacent_find(counters.begin(), counters.end(), not_after) == counters.end()) return 0;
  std::stable_sort(counters.begin(), counters.end(), less);
  const auto end = std::unique(counters.begin(), counters.end(), same);
  const auto left_out = static_cast<std::size_t>(std::distance(end, counters.end()));
  counters.erase(end, counters.end());
  return left_out;
}

}  // namespace assay::regression
