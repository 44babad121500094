#include "assay/patterns/retry_budget.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "assay/core/option_check.h"

namespace assay {

template class BasicRetryBudget<StdThreads>;

namespace {

constexpr std::uint64_t kThousandths = 1'000;  // what tokens are counted in
constexpr std::uint64_t kHundredths = 100;     // what the ratio form counts in

constexpr int kCreditBits = 22;
constexpr std::uint64_t kMostCredit = (std::uint64_t{1} << kCreditBits) - 1;
constexpr std::uint64_t kMostHalf = (std::uint64_t{1} << 19) - 1;
constexpr std::uint64_t kStarted = std::uint64_t{1} << 63;
// So many half-windows back is an old reading of the clock; further back, a long time ahead.
constexpr std::uint64_t kOld = 16;

constexpr OptionCheck kOptions("retry budget");

// `value`, which is checked, in parts of 10^-decimals. 0.3 is not quite 300 thousandths in binary.
std::uint64_t InParts(const char* option, double value, int decimals) {
  const double parts = value * std::pow(10, decimals);
  const double whole = std::round(parts);
  if (std::abs(parts - whole) <= 1e-6) return static_cast<std::uint64_t>(whole);
  kOptions.Refuse(option, value, "has more than " + std::to_string(decimals) + " decimals");
}

}  // namespace

BudgetRules::BudgetRules(const TokenBudgetOptions& options)
    : cost_(kThousandths),
      earned_(InParts("token_ratio",
                      kOptions.Within("token_ratio", options.token_ratio, 0.001, 1000), 3)),
      most_(static_cast<std::uint64_t>(
                kOptions.Within("max_tokens", options.max_tokens, 1, 1'000'000)) *
            kThousandths) {}

BudgetRules::BudgetRules(const RatioBudgetOptions& options)
    : cost_(kHundredths),
      earned_(InParts("ratio", kOptions.Within("ratio", options.ratio, 0.01, 10), 2)),
      most_(kMostCredit),
      floor_(static_cast<std::uint64_t>(kOptions.Within("floor", options.floor, 0, 10'000)) *
             kHundredths / 2),
      half_window_(kOptions.Within("window", options.window, std::chrono::milliseconds(1),
                                   std::chrono::hours(24)) /
                   2) {}

std::uint64_t BudgetRules::Halves::Pack() const noexcept {
  return kStarted | half << (2 * kCreditBits) | before << kCreditBits | here;
}

// `word` as it is by `now`: what was earned too long ago is gone.
BudgetRules::Halves BudgetRules::At(std::uint64_t word, TimePoint now) const noexcept {
  const auto half = static_cast<std::uint64_t>(now.time_since_epoch() / half_window_) & kMostHalf;
  const Halves last{.half = word >> (2 * kCreditBits) & kMostHalf,
                    .before = word >> kCreditBits & kMostCredit,
                    .here = word & kMostCredit};
  const std::uint64_t passed = (half - last.half) & kMostHalf;
  const bool started = (word & kStarted) != 0;
  if (started && (passed == 0 || passed > kMostHalf - kOld)) return last;
  const bool adjacent = started && passed == 1;
  return {.half = half, .before = adjacent ? last.here : floor_, .here = floor_};
}

std::uint64_t BudgetRules::Deposited(std::uint64_t word, TimePoint now) const noexcept {
  if (!needs_time()) return std::min(word + earned_, most_);
  Halves halves = At(word, now);
  halves.here = std::min(halves.here + earned_, most_);
  return halves.Pack();
}

BudgetRules::Step BudgetRules::Withdrawn(std::uint64_t word, TimePoint now) const noexcept {
  // A wish costs its token, granted or not.
  if (!needs_time()) return {.word = Refused(word), .granted = word > most_ / 2};
  Halves halves = At(word, now);
  if (halves.before + halves.here < cost_) return {.word = word};
  // The older first, which expires first.
  const std::uint64_t older = std::min(halves.before, cost_);
  halves.before -= older;
  halves.here -= cost_ - older;
  return {.word = halves.Pack(), .granted = true};
}

std::uint64_t BudgetRules::Refused(std::uint64_t word) const noexcept {
  return needs_time() ? word : word - std::min(word, cost_);
}

std::int64_t BudgetRules::Available(std::uint64_t word, TimePoint now) const noexcept {
  if (needs_time()) {
    const Halves halves = At(word, now);
    return static_cast<std::int64_t>((halves.before + halves.here) / cost_);
  }
  const std::uint64_t half = most_ / 2;
  return word > half ? static_cast<std::int64_t>((word - half + cost_ - 1) / cost_) : 0;
}

}  // namespace assay
