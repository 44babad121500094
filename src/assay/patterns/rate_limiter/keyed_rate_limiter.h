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

class KeyedRateLimiter {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit KeyedRateLimiter(const KeyedRateLimiterOptions& options = {});

  // The limiter of `key`, or null when it is new and there is no room for it. As long as the
  // caller keeps it (while it waits), the key is not forgotten.
  std::shared_ptr<RateLimiter> Find(std::string_view key, TimePoint now);

  // Forgets all keys that can be; else that is done as room is needed.
  void Expire(TimePoint now);

  KeyedRateLimiterSnapshot Snapshot() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<RateLimiter> limiter;
  };
  using Entries = std::list<Entry>;

  bool Forgettable(const Entry& entry, TimePoint now) const noexcept;
  Entries::iterator Forget(Entries::iterator entry);
  bool MakeRoom(TimePoint now);

  const KeyedRateLimiterOptions options_;
  mutable std::mutex mutex_{};
  Entries entries_{};                                                 // the latest used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_{};  // views into `entries_`
  std::uint64_t forgotten_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_RATE_LIMITER_KEYED_RATE_LIMITER_H_
