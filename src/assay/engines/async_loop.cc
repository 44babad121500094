// One timer watches all deadlines. None is nearer, when its phase begins, than the
// shortest of the time-outs, so it is enough to look once in that time: the timer is set
// then, not for every request.

#include "assay/engines/async_loop.h"

#include <unistd.h>

#include <algorithm>

#include "assay/engines/engines.h"

namespace assay {

AsyncLoop::AsyncLoop(const EngineOptions& options, OriginTable& origins, TlsContext& tls)
    : shortest_timeout_(ShortestTimeout(options.connection)),
      warm_up_(static_cast<std::uint64_t>(WarmUpConnections(options))),
      pool_(context_, tls, options) {
  for (int i = 0; i < *options.concurrency; ++i) {
    slots_.emplace_back(options, origins, static_cast<ConnectionPool::Waiter>(i));
  }
}

RunSummary AsyncLoop::Run(PreparedWorkload& workload, const Interrupt& interrupt,
                          ResultSink& sink) {
  const PoolStats before = pool_.stats();
  ResultWriter writer(sink);
  Descriptor stop(context_);
  AsyncSlot::Run run{workload, writer, pool_, slots_, static_cast<int>(slots_.size()), [&] {
                       timer_.cancel();
                       stop.close();
                     }};
  context_.restart();
  Watch(run, interrupt);
  if (interrupt.fd() >= 0) {
    stop.assign(::dup(interrupt.fd()));
    stop.async_wait(Descriptor::wait_read, [&](const boost::system::error_code& ec) {
      if (!ec) Look(run, interrupt);
    });
  }
  for (AsyncSlot& slot : slots_) slot.Begin(run);
  context_.run();
  RunSummary summary;
  writer.AddTo(summary);
  AddTo(summary, before, pool_.stats());
  return summary;
}

void AsyncLoop::Watch(const AsyncSlot::Run& run, const Interrupt& interrupt) {
  Deadline next = Deadline::After(SteadyClock().Now(), shortest_timeout_);
  for (const AsyncSlot& slot : slots_) next = std::min(next, slot.deadline());
  timer_.expires_at(std::min(next, interrupt.cancel_at()).at());
  timer_.async_wait([this, &run, &interrupt](const boost::system::error_code& ec) {
    if (!ec) Look(run, interrupt);
  });
}

// Is anybody's patience at its end?
void AsyncLoop::Look(const AsyncSlot::Run& run, const Interrupt& interrupt) {
  // A cancel that comes after the timer has fired does not show in its error code.
  if (run.active_slots == 0) return;
  const TimePoint now = SteadyClock().Now();
  const bool cancel = interrupt.cancel_at().Expired(now);
  for (AsyncSlot& slot : slots_) {
    if (cancel) {
      slot.Cancel();
    } else if (slot.deadline().Expired(now)) {
      slot.Expire(now);
    }
  }
  if (run.active_slots > 0 && !cancel) Watch(run, interrupt);
}

}  // namespace assay
