#include "bench/resilience/timeline.h"

namespace assay::bench {
namespace {

std::string PathOf(const std::vector<Moment>& moments) {
  std::string path(ToString(CircuitState::kClosed));
  for (const Moment& moment : moments) path += " -> " + std::string(ToString(moment.change.to));
  return path;
}

std::string PathOf(const std::vector<ExpectedStay>& stays) {
  std::string path;
  for (const ExpectedStay& stay : stays) path += std::string(ToString(stay.state)) + " -> ";
  return path + std::string(ToString(CircuitState::kClosed));
}

std::string WhatIsWrong(const Stay& stay, const ExpectedStay& expected, Duration open_duration) {
  const std::string state(ToString(stay.state));
  if (stay.requests != expected.requests) {
    return state + ": " + std::to_string(stay.requests) + " requests reached the server, not " +
           std::to_string(expected.requests);
  }
  const bool open = stay.state == CircuitState::kOpen;
  if (open && stay.length < open_duration) return state + ": for too short a time";
  if (!open && stay.rejected > 0) return state + ": a call was rejected";
  return {};
}

}  // namespace

std::vector<Stay> StaysOf(TimePoint begin, std::uint64_t requests,
                          const std::vector<Moment>& moments) {
  Moment before{.change = {.to = CircuitState::kClosed, .when = begin}, .requests = requests};
  std::vector<Stay> stays;
  for (const Moment& moment : moments) {
    stays.push_back({.state = before.change.to,
                     .length = moment.change.when - before.change.when,
                     .requests = moment.requests - before.requests,
                     .rejected = moment.rejected - before.rejected});
    before = moment;
  }
  return stays;
}

Stay Sum(const std::vector<Stay>& stays, CircuitState state) {
  Stay sum{.state = state};
  for (const Stay& stay : stays) {
    if (stay.state != state) continue;
    sum.length += stay.length;
    sum.requests += stay.requests;
    sum.rejected += stay.rejected;
  }
  return sum;
}

std::string WhatIsWrongWithTimeline(const std::vector<Moment>& moments,
                                    const std::vector<Stay>& stays,
                                    const std::vector<ExpectedStay>& expected,
                                    Duration open_duration) {
  if (const std::string path = PathOf(moments); path != PathOf(expected)) {
    return path + " instead of " + PathOf(expected);
  }
  for (std::size_t i = 0; i < stays.size(); ++i) {
    std::string wrong = WhatIsWrong(stays[i], expected[i], open_duration);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace assay::bench
