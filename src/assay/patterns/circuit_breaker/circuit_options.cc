#include "assay/patterns/circuit_breaker/circuit_options.h"

#include <string>

#include "assay/core/option_check.h"
#include "assay/patterns/circuit_breaker/ring_window.h"
#include "assay/patterns/circuit_breaker/time_window.h"

namespace assay {
namespace {

constexpr int kMostInTime = 1 << 30;
constexpr Duration kShortestBucket = std::chrono::milliseconds(1);

constexpr OptionCheck kOptions("circuit breaker");

// Written so that NaN fails.
void CheckShare(const char* option, double value) {
  if (!(value > 0 && value <= 1)) kOptions.Refuse(option, value, "is not above 0 and up to 1");
}

void CheckOpenTime(const CircuitBreakerOptions& options) {
  kOptions.Above0("open_duration", options.open_duration);
  kOptions.Within("open_backoff", options.open_backoff, 1, 1000);
  if (options.max_open_duration < options.open_duration) {
    kOptions.Refuse("max_open_duration", options.max_open_duration, "is below open_duration");
  }
  kOptions.Within("open_jitter", options.open_jitter, 0, 1);
}

void CheckHalfOpen(const CircuitBreakerOptions& options) {
  kOptions.Within("half_open_permits", options.half_open_permits, 1, StateWord::kMostProbes);
  kOptions.Within("success_threshold", options.success_threshold, 1, StateWord::kMostCount);
  if (options.success_out_of) {
    const int least = options.success_threshold;
    kOptions.Within("success_out_of", *options.success_out_of, least,
                    least + static_cast<int>(StateWord::kMostFailedProbes));
  }
  if (options.half_open_limit) kOptions.Above0("half_open_limit", *options.half_open_limit);
}

void CheckWindow(const CircuitWindowOptions& window) {
  if (window.over > WindowOver::kTime) {
    kOptions.Refuse("window.over", static_cast<int>(window.over), "is neither kCalls nor kTime");
  }
  const bool of_calls = window.over == WindowOver::kCalls;
  if (of_calls) {
    kOptions.Within("window.calls", window.calls, 1, RingWindow<>::kMostCalls);
  } else {
    kOptions.Within("window.buckets", window.buckets, 1, TimeWindow<>::kMostBuckets);
    if (window.duration / window.buckets < kShortestBucket) {
      kOptions.Refuse(
          "window.duration", window.duration,
          "is less than 1 ms for each of " + std::to_string(window.buckets) + " buckets");
    }
  }
  // More calls than a window holds would never come together.
  const int most = of_calls ? window.calls : kMostInTime;
  kOptions.Within("window.minimum_calls", window.minimum_calls, 1, most);
  CheckShare("window.failure_rate", window.failure_rate);
  if (window.failure_count) kOptions.Within("window.failure_count", *window.failure_count, 1, most);
}

void CheckSlowCalls(const SlowCallOptions& slow_calls, bool has_window) {
  kOptions.NotBelow0("slow_calls.longer_than", slow_calls.longer_than);
  CheckShare("slow_calls.rate", slow_calls.rate);
  if (!has_window && !slow_calls.count_as_failures) {
    kOptions.Refuse("slow_calls.count_as_failures", "false", "has no effect without a window");
  }
}

}  // namespace

const CircuitBreakerOptions& Checked(const CircuitBreakerOptions& options) {
  kOptions.Within("failure_threshold", options.failure_threshold, 1, StateWord::kMostCount);
  CheckOpenTime(options);
  CheckHalfOpen(options);
  if (options.window) CheckWindow(*options.window);
  if (options.slow_calls) CheckSlowCalls(*options.slow_calls, options.window.has_value());
  return options;
}

}  // namespace assay
