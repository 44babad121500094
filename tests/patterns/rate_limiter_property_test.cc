// Whatever is asked, in any order and with any clock readings: in no stretch of time are more
// tokens used than burst + rate * time.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "assay/core/hash.h"
#include "assay/patterns/rate_limiter/rate_limiter.h"

namespace assay {
namespace {

__extension__ typedef __int128 Int128;

struct Use {
  TimePoint at;
  std::int64_t tokens;
};

struct Pending {
  Reservation reservation;
  Use use;
};

// One random history. Those who reserve use their tokens when they are due, or late, or give them
// back: before that time, or after.
class History {
 public:
  explicit History(std::uint64_t seed) : seed_(seed) {}

  void Run(int steps) {
    for (int i = 0; i < steps; ++i) Step();
    for (const Pending& pending : pending_) uses_.push_back(pending.use);
  }

  // "" or the stretch in which too much was used.
  std::string Problem() {
    std::sort(uses_.begin(), uses_.end(), [](const Use& a, const Use& b) { return a.at < b.at; });
    for (std::size_t first = 0; first < uses_.size(); ++first) {
      Int128 used = 0;
      for (std::size_t last = first; last < uses_.size(); ++last) {
        used += uses_[last].tokens;
        const Duration time = uses_[last].at - uses_[first].at;
        // Two nanoseconds: of what has arrived, and of when a promise is due.
        const Int128 most = Int128{options_.burst} * options_.per.count() +
                            Int128{options_.tokens} * (time.count() + 2);
        if (used * options_.per.count() > most) {
          return "from use " + std::to_string(first) + " to " + std::to_string(last);
        }
      }
    }
    return {};
  }

  std::size_t uses() const { return uses_.size(); }

 private:
  std::int64_t Random(std::int64_t most) {  // 0 to `most`
    return static_cast<std::int64_t>(Draw(seed_, "history", 0, draws_++) %
                                     static_cast<std::uint64_t>(most + 1));
  }

  void Step() {
    switch (Random(5)) {
      case 0: now_ += Duration(Random(2 * options_.per.count() / options_.tokens)); break;
      case 1: Cancel(); break;
      case 2: Take(); break;
      default: Reserve(); break;
    }
  }
  void Take() {
    const TimePoint old = now_ - Duration(Random(1) * Random(options_.per.count()));
    const std::int64_t tokens = 1 + Random(options_.burst - 1);
    if (limiter_.TryTake(old, tokens)) uses_.push_back({old, tokens});
  }
  void Reserve() {
    const std::int64_t tokens = 1 + Random(options_.burst - 1);
    const Reservation reservation = limiter_.Reserve(now_, tokens, Duration::max());
    if (reservation.granted()) {
      pending_.push_back({reservation, {now_ + reservation.wait, tokens}});
    }
  }
  void Cancel() {
    if (pending_.empty()) return;
    const auto which =
        static_cast<std::size_t>(Random(static_cast<std::int64_t>(pending_.size()) - 1));
    limiter_.Cancel(pending_[which].reservation);
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(which));
  }

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  RateLimiterOptions options_{
      .tokens = 1 + Random(12),
      .per = Random(1) == 0 ? Duration(1'000'000'000) : Duration(13 + Random(1'000'000)),
      .burst = 1 + Random(Random(12))};
  RateLimiter limiter_{options_};
  TimePoint now_{std::chrono::hours(1)};
  std::vector<Pending> pending_{};
  std::vector<Use> uses_{};
};

TEST(RateLimiterProperty, NeverMoreThanTheBurstAndTheRateInAnyStretchOfTime) {
  std::size_t uses = 0;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    History history(seed);
    history.Run(80);
    ASSERT_EQ(history.Problem(), "") << "seed " << seed;
    uses += history.uses();
  }
  EXPECT_GT(uses, 40'000u);  // it was not quiet
}

// The other side of it: whoever comes on time and takes what there is gets the full rate.
TEST(RateLimiterProperty, NothingIsLostAtAnyRate) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto tokens = static_cast<std::int64_t>(1 + Draw(seed, "tokens", 0, 0) % 1'000);
    const Duration per(1'000 + static_cast<std::int64_t>(Draw(seed, "per", 0, 0) % 1'000'000'000));
    RateLimiter limiter({.tokens = tokens, .per = per, .burst = 1});
    const TimePoint start{std::chrono::hours(1)};
    TimePoint now = start;
    ASSERT_TRUE(limiter.TryTake(now));
    for (std::int64_t i = 1; i <= 1'000; ++i) {
      const Reservation next = limiter.Reserve(now, 1, Duration::max());
      ASSERT_TRUE(next.granted());
      now += next.wait;
      // The i-th is due after i * per / tokens, rounded; there is no drift.
      const Int128 exact = (Int128{i} * per.count() + tokens - 1) / tokens;
      const Int128 late = (now - start).count() - exact;
      ASSERT_GE(late, -1) << seed << ": " << i;
      ASSERT_LE(late, 1) << seed << ": " << i;
    }
  }
}

}  // namespace
}  // namespace assay
