#include "assay/patterns/rate_limiter/gcra.h"

#include "assay/core/option_check.h"

namespace assay {
namespace {

__extension__ typedef unsigned __int128 Uint128;

constexpr std::int64_t kMostBurst = std::int64_t{1} << 57;  // units: 417 days at least

constexpr OptionCheck kOptions("rate limiter");

void CheckRate(const RateLimiterOptions& options) {
  kOptions.Above0("per", options.per);
  const Uint128 most = Uint128{2} * static_cast<Uint128>(options.per.count());
  if (options.tokens < 1 || static_cast<Uint128>(options.tokens) > most) {
    kOptions.Refuse("tokens", options.tokens, "is not within 1 to 2 for each nanosecond of `per`");
  }
}

// Of a token in units, so that at least 2 and less than 4 of them arrive in a nanosecond.
int ShiftOf(const RateLimiterOptions& options) {
  const auto per = static_cast<Uint128>(options.per.count());
  int shift = 0;
  while (static_cast<Uint128>(options.tokens) << shift < per * 2) ++shift;
  return shift;
}

}  // namespace

Gcra::Gcra(const RateLimiterOptions& options) {
  CheckRate(options);
  shift_ = ShiftOf(options);
  const std::int64_t most = shift_ > 57 ? 0 : kMostBurst >> shift_;
  if (options.burst < 1 || options.burst > most) {
    kOptions.Refuse("burst", options.burst, "is not within 1 to what arrives in a year");
  }
  const Uint128 units = static_cast<Uint128>(options.tokens) << (shift_ + kFraction);
  const auto per = static_cast<Uint128>(options.per.count());
  // Rounded up, so that whole units come when they should and not a nanosecond later.
  multiplier_ = static_cast<std::uint64_t>((units + per - 1) / per);
  burst_ = options.burst << shift_;
}

Duration Gcra::TimeFor(std::int64_t units) const noexcept {
  const Uint128 scaled = static_cast<Uint128>(units) << kFraction;
  return Duration(static_cast<std::int64_t>((scaled + multiplier_ - 1) / multiplier_));
}

std::int64_t Gcra::Converted(std::int64_t mark, const Gcra& to, TimePoint now) const noexcept {
  const std::int64_t arrived = Arrived(now);
  const Int128 available = arrived - Settled(mark, arrived);  // below 0: owed
  const Int128 scaled = to.shift_ >= shift_ ? available * (Int128{1} << (to.shift_ - shift_))
                                            : available >> (shift_ - to.shift_);
  const Int128 kept = std::clamp(scaled, Int128{-kMostAhead}, Int128{to.burst_});
  return to.Arrived(now) - static_cast<std::int64_t>(kept);
}

}  // namespace assay
