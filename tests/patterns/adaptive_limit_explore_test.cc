#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "assay/patterns/adaptive_limit/adaptive_limit.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::hours(1)};

// In flight at most one each, and no sample is lost or counted twice.
TEST(AdaptiveLimitRace, EveryOrderOfTwoCallsKeepsTheLimitAndCountsBoth) {
  const explore::Report report = explore::Explore(
      [] {
        using Limit = BasicAdaptiveLimit<explore::ExploredThreads>;
        struct Shared {
          Limit limit{{.initial_limit = 1, .max_limit = 9, .min_samples = 1}};
          int began = 0;
        };
        auto shared = std::make_shared<Shared>();
        const auto call = [shared] {
          if (!shared->limit.TryBegin()) return;
          ++shared->began;
          shared->limit.End(Outcome::kSuccess, milliseconds(1), kNow);
        };
        return explore::Scenario{{call, call}, [shared]() -> std::string {
                                   const AdaptiveLimitSnapshot end = shared->limit.Snapshot();
                                   if (end.in_flight != 0) return "a call is still under way";
                                   const auto began = static_cast<std::uint64_t>(shared->began);
                                   if (began + end.rejected != 2) return "a call was not counted";
                                   return end.windows == 1 && end.limit == 2 ? "" : "no window";
                                 }};
      },
      {.preemptions = 2});
  explore::ExpectSound(report, 50);
}

}  // namespace
}  // namespace assay
