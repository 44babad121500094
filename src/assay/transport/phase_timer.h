// Where the time of a request goes, and how long there is patience with it.
//
// One request at a time: Start(), Enter() at each change of phase, Received() when
// bytes of the response have been read, Finish(). It reads no clock and waits for
// nothing; the caller waits until deadline() and asks Expired() how to call it.
// Not thread-safe.
#ifndef ASSAY_TRANSPORT_PHASE_TIMER_H_
#define ASSAY_TRANSPORT_PHASE_TIMER_H_

#include <algorithm>
#include <string_view>

#include "assay/core/deadline.h"
#include "assay/core/error.h"
#include "assay/http/phases.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/phase.h"

namespace assay {

// The shortest of the limits that are set: no deadline is nearer than this when
// its phase begins.
Duration ShortestTimeout(const ConnectionOptions& options) noexcept;

class PhaseTimer {
 public:
  explicit PhaseTimer(const ConnectionOptions& options) noexcept;

  // A request begins in `phase`.
  void Start(Phase phase, TimePoint now) noexcept;

  // The phase before has ended; both may be the same, which begins it anew.
  void Enter(Phase phase, TimePoint now) noexcept;

  // The first call ends kReceive; each one begins the idle time-out anew.
  void Received(TimePoint now) noexcept { Enter(Phase::kBody, now); }

  // The request has ended, well or not; now phases() is complete.
  void Finish(TimePoint now) noexcept { Spend(now); }

  // Does Received() matter for more than the first and the last bytes?
  bool idle_limited() const noexcept { return idle_timeout_ > Duration::zero(); }

  // Of the phase or of the whole request, whichever comes first.
  Deadline deadline() const noexcept { return std::min(total_, phase_end_); }

  // "receive from 127.0.0.1:8080: no first byte within 2 s"
  Error Expired(std::string_view authority) const;

  Phase phase() const noexcept { return phase_; }
  const Phases& phases() const noexcept { return phases_; }
  TimePoint now() const noexcept { return entered_; }  // of the last call that had one

 private:
  void Spend(TimePoint now) noexcept;
  Duration LimitOf(Phase phase) const noexcept;

  Duration timeout_, connect_timeout_, write_timeout_, first_byte_timeout_, idle_timeout_;
  Deadline total_ = Deadline::Never();
  Deadline phase_end_ = Deadline::Never();
  Phase phase_ = Phase::kConnect;
  TimePoint entered_{};
  Phases phases_{};
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_PHASE_TIMER_H_
