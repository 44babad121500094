// How long a call may take: a limit that becomes a deadline when the call begins.
//
// The decision alone: Begin() makes the deadline, never later than the one that the caller is under
// already, and Explain() turns a call's error into one that says whose patience has ended. The
// wrappers in call.h do both. One object serves any number of calls, from any thread; it must
// outlive them. Begin() costs no write, so a call that is in time costs one clock read.
//
// A result is never discarded: what the call returns is what the caller gets, also when it came
// just after the deadline (compare folly's timeoutNoDiscard; asyncio's wait_for() lost permits and
// queue items). What the caller can tell apart by the message: this limit, the deadline around it
// (kTimeout both), and being cancelled (kCancelled, passed on).
#ifndef ASSAY_PATTERNS_TIMEOUT_TIMEOUT_H_
#define ASSAY_PATTERNS_TIMEOUT_TIMEOUT_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"
#include "assay/core/error.h"

namespace assay {

struct TimeoutOptions {
  Duration limit = std::chrono::seconds(30);  // above 0
  std::string name = "timeout";               // begins the messages: "per-try timeout: …"
};

struct TimeoutSnapshot {
  std::uint64_t expired = 0;  // calls that ended with an error at or after their deadline

  friend bool operator==(const TimeoutSnapshot&, const TimeoutSnapshot&) = default;
};

class Timeout {
 public:
  // Throws std::invalid_argument when the limit is not above 0.
  explicit Timeout(TimeoutOptions options = {});

  // For a call that begins now, under a deadline of the caller.
  Deadline Begin(TimePoint now, Deadline outer = Deadline::Never()) const noexcept {
    return std::min(Deadline::After(now, options_.limit), outer);
  }

  // The error of a call that was given `deadline` by Begin(), as its caller is told. Only kTimeout
  // and kCancelled from the deadline on are its own doing, and counted; all else is passed on.
  Error Explain(Error error, Deadline deadline, Deadline outer, TimePoint now);

  Duration limit() const noexcept { return options_.limit; }
  TimeoutSnapshot Snapshot() const noexcept {
    return {.expired = expired_.load(std::memory_order_relaxed)};
  }

 private:
  TimeoutOptions options_;
  std::atomic<std::uint64_t> expired_{0};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_TIMEOUT_TIMEOUT_H_
