// What to answer when a call fails: the next of several alternatives, marked as degraded.
//
// The rules alone: which errors an alternative may stand in for, and how often that happened. The
// wrappers in call.h walk along the chain. One object serves any number of calls, from any thread.
//
// A degraded answer never passes for a real one: an Answer says which alternative it comes from and
// which error it stands for. When all fail, the caller gets the error of the call itself, with
// those of the alternatives behind it: it is the reason, they are consequences.
#ifndef ASSAY_PATTERNS_FALLBACK_FALLBACK_H_
#define ASSAY_PATTERNS_FALLBACK_FALLBACK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "assay/core/error.h"

namespace assay {

// All but a request that is wrong and a caller that has gone: an alternative helps neither.
bool MayBeReplaced(const Error& error) noexcept;

struct FallbackOptions {
  std::function<bool(const Error&)> handles = MayBeReplaced;  // must not throw
};

struct FallbackSnapshot {
  std::uint64_t degraded = 0;   // calls that an alternative answered
  std::uint64_t exhausted = 0;  // calls that failed, and every alternative too
  std::uint64_t unhandled = 0;  // calls that ended with an error that none may stand in for

  friend bool operator==(const FallbackSnapshot&, const FallbackSnapshot&) = default;
};

template <class T>
struct Answer {
  T value;
  int source = 0;                     // 0: the call itself; 1, 2, …: which alternative
  std::optional<Error> instead_of{};  // the error of the call itself

  bool degraded() const noexcept { return source != 0; }
};

class Fallback {
 public:
  // Throws std::invalid_argument when `handles` is empty.
  explicit Fallback(FallbackOptions options = {});

  bool Handles(const Error& error) const { return options_.handles(error); }

  // How a call ended that was not answered by itself; exactly once.
  void CountDegraded() noexcept { degraded_.fetch_add(1, std::memory_order_relaxed); }
  void CountExhausted() noexcept { exhausted_.fetch_add(1, std::memory_order_relaxed); }
  void CountUnhandled() noexcept { unhandled_.fetch_add(1, std::memory_order_relaxed); }

  FallbackSnapshot Snapshot() const noexcept;

 private:
  FallbackOptions options_;
  std::atomic<std::uint64_t> degraded_{0}, exhausted_{0}, unhandled_{0};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_FALLBACK_FALLBACK_H_
