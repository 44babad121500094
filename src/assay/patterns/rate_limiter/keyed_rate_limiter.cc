#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"

#include <iterator>
#include <stdexcept>

namespace assay {
namespace {

KeyedRateLimiterOptions Checked(const KeyedRateLimiterOptions& options) {
  [[maybe_unused]] const Gcra rules(options.limit);  // throws what its limiters would
  if (options.most_keys < 1 || options.most_keys > std::int64_t{1} << 31) {
    throw std::invalid_argument("rate limiter most_keys: " + std::to_string(options.most_keys) +
                                " is not within 1 to 2147483648");
  }
  return options;
}

// How many keys one look-up examines for room, so that it takes no longer with more keys.
constexpr int kExamined = 8;

}  // namespace

KeyedRateLimiter::KeyedRateLimiter(const KeyedRateLimiterOptions& options)
    : options_(Checked(options)) {}

std::shared_ptr<RateLimiter> KeyedRateLimiter::Find(std::string_view key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->limiter;
  }
  if (!MakeRoom(now)) {
    ++refused_;
    return nullptr;
  }
  entries_.push_front({std::string(key), std::make_shared<RateLimiter>(options_.limit)});
  try {
    by_key_.emplace(entries_.front().key, entries_.begin());
  } catch (...) {
    entries_.pop_front();
    throw;
  }
  return entries_.front().limiter;
}

void KeyedRateLimiter::Expire(TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    entry = Forgettable(*entry, now) ? Forget(entry) : std::next(entry);
  }
}

KeyedRateLimiterSnapshot KeyedRateLimiter::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return {.keys = static_cast<std::int64_t>(entries_.size()),
          .forgotten = forgotten_,
          .refused = refused_};
}

// Under the mutex nobody can come by another copy of the pointer.
bool KeyedRateLimiter::Forgettable(const Entry& entry, TimePoint now) const noexcept {
  return entry.limiter.use_count() == 1 && entry.limiter->Full(now);
}

KeyedRateLimiter::Entries::iterator KeyedRateLimiter::Forget(Entries::iterator entry) {
  by_key_.erase(entry->key);
  ++forgotten_;
  return entries_.erase(entry);
}

bool KeyedRateLimiter::MakeRoom(TimePoint now) {
  const auto most = static_cast<std::size_t>(options_.most_keys);
  for (int i = 0; i < kExamined && entries_.size() >= most; ++i) {
    const auto oldest = std::prev(entries_.end());
    if (Forgettable(*oldest, now)) {
      Forget(oldest);
    } else {
      // Out of the way, so that the next look-up examines others.
      entries_.splice(entries_.begin(), entries_, oldest);
    }
  }
  return entries_.size() < most;
}

}  // namespace assay
