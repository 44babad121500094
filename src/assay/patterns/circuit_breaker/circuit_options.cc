#include "assay/patterns/circuit_breaker/circuit_options.h"

#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

#include "assay/patterns/circuit_breaker/ring_window.h"
#include "assay/patterns/circuit_breaker/time_window.h"

namespace assay {
namespace {

constexpr int kMostInTime = 1 << 30;
constexpr Duration kShortestBucket = std::chrono::milliseconds(1);

template <class Value>
[[noreturn]] void Refuse(const char* option, Value value, const std::string& why) {
  std::ostringstream text;
  text << "circuit breaker " << option << ": " << value << " " << why;
  throw std::invalid_argument(text.str());
}

void CheckCount(const char* option, int value, int least, int most) {
  if (value >= least && value <= most) return;
  Refuse(option, value, "is not within " + std::to_string(least) + " to " + std::to_string(most));
}

void CheckAbove0(const char* option, Duration value) {
  if (value <= Duration::zero()) Refuse(option, value.count(), "ns is not above 0");
}

// Written so that NaN fails.
void CheckWithin(const char* option, double value, double least, double most, const char* range) {
  if (!(value >= least && value <= most)) Refuse(option, value, std::string("is not ") + range);
}

void CheckShare(const char* option, double value) {
  CheckWithin(option, value, std::numeric_limits<double>::min(), 1, "above 0 and up to 1");
}

void CheckOpenTime(const CircuitBreakerOptions& options) {
  CheckAbove0("open_duration", options.open_duration);
  CheckWithin("open_backoff", options.open_backoff, 1, 1000, "within 1 to 1000");
  if (options.max_open_duration < options.open_duration) {
    Refuse("max_open_duration", options.max_open_duration.count(), "ns is below open_duration");
  }
  CheckWithin("open_jitter", options.open_jitter, 0, 1, "within 0 to 1");
}

void CheckHalfOpen(const CircuitBreakerOptions& options) {
  CheckCount("half_open_permits", options.half_open_permits, 1, StateWord::kMostProbes);
  CheckCount("success_threshold", options.success_threshold, 1, StateWord::kMostCount);
  if (options.success_out_of) {
    const int least = options.success_threshold;
    CheckCount("success_out_of", *options.success_out_of, least,
               least + static_cast<int>(StateWord::kMostFailedProbes));
  }
  if (options.half_open_limit) CheckAbove0("half_open_limit", *options.half_open_limit);
}

void CheckWindow(const CircuitWindowOptions& window) {
  if (window.over > WindowOver::kTime) {
    Refuse("window.over", static_cast<int>(window.over), "is neither kCalls nor kTime");
  }
  const bool of_calls = window.over == WindowOver::kCalls;
  if (of_calls) {
    CheckCount("window.calls", window.calls, 1, RingWindow<>::kMostCalls);
  } else {
    CheckCount("window.buckets", window.buckets, 1, TimeWindow<>::kMostBuckets);
    if (window.duration / window.buckets < kShortestBucket) {
      Refuse("window.duration", window.duration.count(),
             "ns is less than 1 ms for each of " + std::to_string(window.buckets) + " buckets");
    }
  }
  // More calls than a window holds would never come together.
  const int most = of_calls ? window.calls : kMostInTime;
  CheckCount("window.minimum_calls", window.minimum_calls, 1, most);
  CheckShare("window.failure_rate", window.failure_rate);
  if (window.failure_count) CheckCount("window.failure_count", *window.failure_count, 1, most);
}

void CheckSlowCalls(const SlowCallOptions& slow_calls, bool has_window) {
  if (slow_calls.longer_than < Duration::zero()) {
    Refuse("slow_calls.longer_than", slow_calls.longer_than.count(), "ns is below 0");
  }
  CheckShare("slow_calls.rate", slow_calls.rate);
  if (!has_window && !slow_calls.count_as_failures) {
    Refuse("slow_calls.count_as_failures", "false", "has no effect without a window");
  }
}

}  // namespace

const CircuitBreakerOptions& Checked(const CircuitBreakerOptions& options) {
  CheckCount("failure_threshold", options.failure_threshold, 1, StateWord::kMostCount);
  CheckOpenTime(options);
  CheckHalfOpen(options);
  if (options.window) CheckWindow(*options.window);
  if (options.slow_calls) CheckSlowCalls(*options.slow_calls, options.window.has_value());
  return options;
}

}  // namespace assay
