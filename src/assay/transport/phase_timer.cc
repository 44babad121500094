#include "assay/transport/phase_timer.h"

#include <algorithm>

#include "assay/core/duration_text.h"
#include "assay/transport/socket_error.h"

namespace assay {
namespace {

constexpr Duration Phases::*kShares[] = {&Phases::queue, &Phases::resolve, &Phases::connect,
                                         &Phases::tls,   &Phases::send,    &Phases::first_byte,
                                         &Phases::body};

constexpr std::string_view kMissed[] = {"no free connection within ",
                                        "no address within ",
                                        "no connection within ",
                                        "no end of the handshake within ",
                                        "the request was not taken within ",
                                        "no first byte within ",
                                        "no byte for "};

}  // namespace

Duration ShortestTimeout(const ConnectionOptions& options) noexcept {
  Duration shortest =
      std::min({options.timeout, options.expect_timeout, options.next_address_after});
  for (const Duration limit : {options.connect_timeout, options.write_timeout,
                               options.first_byte_timeout, options.idle_timeout}) {
    if (limit > Duration::zero()) shortest = std::min(shortest, limit);
  }
  return shortest;
}

PhaseTimer::PhaseTimer(const ConnectionOptions& options) noexcept
    : timeout_(options.timeout),
      connect_timeout_(options.connect_timeout),
      write_timeout_(options.write_timeout),
      first_byte_timeout_(options.first_byte_timeout),
      idle_timeout_(options.idle_timeout) {}

void PhaseTimer::Start(Phase phase, TimePoint now) noexcept {
  phases_ = {};
  entered_ = now;
  total_ = Deadline::After(now, timeout_);
  phase_ = phase;
  phase_end_ = Deadline::Never();
  Enter(phase, now);
}

void PhaseTimer::Enter(Phase phase, TimePoint now) noexcept {
  Spend(now);
  // The handshake has what the connect has left of their common limit.
  const bool same_limit = phase == Phase::kTls && phase_ == Phase::kConnect;
  phase_ = phase;
  if (same_limit) return;
  const Duration limit = LimitOf(phase);
  phase_end_ = limit > Duration::zero() ? Deadline::After(now, limit) : Deadline::Never();
}

void PhaseTimer::Spend(TimePoint now) noexcept {
  phases_.*kShares[static_cast<int>(phase_)] += now - entered_;
  entered_ = now;
}

Duration PhaseTimer::LimitOf(Phase phase) const noexcept {
  switch (phase) {
    case Phase::kQueue:
    case Phase::kResolve: return Duration::zero();
    case Phase::kConnect:
    case Phase::kTls: return connect_timeout_;
    case Phase::kSend: return write_timeout_;
    case Phase::kReceive: return first_byte_timeout_;
    case Phase::kBody: return idle_timeout_;
  }
  return Duration::zero();
}

Error PhaseTimer::Expired(std::string_view authority) const {
  if (total_ < phase_end_) return TimeoutError(phase_, authority, timeout_);
  const std::string_view missed = kMissed[static_cast<int>(phase_)];
  return {ErrorCode::kTimeout,
          PhaseText(phase_, authority).append(missed).append(DurationText(LimitOf(phase_)))};
}

}  // namespace assay
