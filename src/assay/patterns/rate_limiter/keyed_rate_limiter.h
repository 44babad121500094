// A rate limiter for each key (a host, a customer), made when the key is first seen.
//
//   KeyedRateLimiter limiters({.limit = {.tokens = 10, .burst = 10}});
//   const auto limiter = limiters.Find(host, clock.Now());
//   if (limiter && limiter->TryTake(now)) Send();
//
// A key is forgotten when its bucket is full again and nobody holds its limiter: nothing is lost
// by that, a new one would be the same. Keys unused for longest go first, and only when there is
// need: at most `most_keys` are kept, and a new key is refused while none can be forgotten.
//
// Every function may be called from any thread; one mutex, held for a look-up in a hash table.
// Memory is taken for new keys only.
#ifndef ASSAY_PATTERNS_RATE_LIMITER_KEYED_RATE_LIMITER_H_
#define ASSAY_PATTERNS_RATE_LIMITER_KEYED_RATE_LIMITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "assay/core/clock.h"
#include "assay/core/threads.h"
#include "assay/patterns/rate_limiter/rate_limiter.h"

namespace assay {

struct KeyedRateLimiterOptions {
  RateLimiterOptions limit{};     // of each key
  std::int64_t most_keys = 1000;  // 1 to 2^31
};

struct KeyedRateLimiterSnapshot {
  std::int64_t keys = 0;
  std::uint64_t forgotten = 0;
  std::uint64_t refused = 0;  // times that a new key found no room

  friend bool operator==(const KeyedRateLimiterSnapshot&,
                         const KeyedRateLimiterSnapshot&) = default;
};

// The same options. Throws std::invalid_argument that names the option, its value and the range.
KeyedRateLimiterOptions Checked(const KeyedRateLimiterOptions& options);

template <class Threads = StdThreads>
class BasicKeyedRateLimiter {
 public:
  using Limiter = BasicRateLimiter<Threads>;

  // Throws std::invalid_argument that names the option, its value and the range.
  explicit BasicKeyedRateLimiter(const KeyedRateLimiterOptions& options = {})
      : options_(Checked(options)) {}

  // The limiter of `key`, or null when it is new and there is no room for it. As long as the
  // caller keeps it (while it waits), the key is not forgotten.
  std::shared_ptr<Limiter> Find(std::string_view key, TimePoint now);

  // Forgets all keys that can be; else that is done as room is needed.
  void Expire(TimePoint now);

  KeyedRateLimiterSnapshot Snapshot() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<Limiter> limiter;
  };
  using Entries = std::list<Entry>;

  // How many keys one look-up examines for room, so that it takes no longer with more keys.
  static constexpr int kExamined = 8;

  bool Forgettable(const Entry& entry, TimePoint now) const noexcept;
  typename Entries::iterator Forget(typename Entries::iterator entry);
  bool MakeRoom(TimePoint now);

  const KeyedRateLimiterOptions options_;
  mutable typename Threads::Mutex mutex_{};
  Entries entries_{};  // the latest used first
  std::unordered_map<std::string_view, typename Entries::iterator>
      by_key_{};  // views into `entries_`
  std::uint64_t forgotten_ = 0;
  std::uint64_t refused_ = 0;
};

using KeyedRateLimiter = BasicKeyedRateLimiter<>;

template <class Threads>
auto BasicKeyedRateLimiter<Threads>::Find(std::string_view key, TimePoint now)
    -> std::shared_ptr<Limiter> {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->limiter;
  }
  if (!MakeRoom(now)) {
    ++refused_;
    return nullptr;
  }
  entries_.push_front({std::string(key), std::make_shared<Limiter>(options_.limit)});
  try {
    by_key_.emplace(entries_.front().key, entries_.begin());
  } catch (...) {
    entries_.pop_front();
    throw;
  }
  return entries_.front().limiter;
}

template <class Threads>
void BasicKeyedRateLimiter<Threads>::Expire(TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    entry = Forgettable(*entry, now) ? Forget(entry) : std::next(entry);
  }
}

template <class Threads>
KeyedRateLimiterSnapshot BasicKeyedRateLimiter<Threads>::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return {.keys = static_cast<std::int64_t>(entries_.size()),
          .forgotten = forgotten_,
          .refused = refused_};
}

// Under the mutex nobody can come by another copy of the pointer.
template <class Threads>
bool BasicKeyedRateLimiter<Threads>::Forgettable(const Entry& entry, TimePoint now) const noexcept {
  return entry.limiter.use_count() == 1 && entry.limiter->Full(now);
}

template <class Threads>
auto BasicKeyedRateLimiter<Threads>::Forget(typename Entries::iterator entry) ->
    typename Entries::iterator {
  by_key_.erase(entry->key);
  ++forgotten_;
  return entries_.erase(entry);
}

template <class Threads>
bool BasicKeyedRateLimiter<Threads>::MakeRoom(TimePoint now) {
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

#endif  // ASSAY_PATTERNS_RATE_LIMITER_KEYED_RATE_LIMITER_H_
