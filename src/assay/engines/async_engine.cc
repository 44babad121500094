// `concurrency` connections on one event loop, on the thread that calls Run().
//
// One timer watches all deadlines. None is nearer, when its phase begins, than the
// shortest of the time-outs, so it is enough to look once in that time: the timer
// is set then, not for every request.

#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <deque>

#include "assay/engines/async_slot.h"
#include "assay/engines/engines.h"
#include "assay/transport/interrupt.h"

namespace assay {
namespace {

namespace asio = boost::asio;

// The concrete executor spares every operation a type-erased call.
using LoopTimer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

class AsyncEngine : public Engine {
 public:
  explicit AsyncEngine(const EngineOptions& options)
      : pooling_(options.pooling),
        decode_(options.connection.decode),
        shortest_timeout_(ShortestTimeout(options.connection)),
        pool_(context_, options) {
    for (int i = 0; i < *options.concurrency; ++i) {
      slots_.emplace_back(options, origins_, static_cast<ConnectionPool::Waiter>(i));
    }
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const PoolStats before = pool_.stats();
    const std::uint64_t resumed_before = pool_.tls_resumed();
    PreparedWorkload prepared(workload, pooling_, decode_, origins_);
    Interrupt interrupt(workload.stop, workload.drain_limit);
    const TimePoint started = clock.Now();
    prepared.Start(started);
    interrupt.EndAt(prepared.end());
    ResultWriter writer(sink);
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> stop(context_);
    AsyncSlot::Run run{prepared, writer, pool_, slots_, static_cast<int>(slots_.size()), [&] {
                         timer_.cancel();
                         stop.close();
                       }};
    context_.restart();
    Watch(run, interrupt);
    if (interrupt.fd() >= 0) {
      stop.assign(::dup(interrupt.fd()));
      stop.async_wait(stop.wait_read, [&](const boost::system::error_code& ec) {
        if (!ec) Look(run, interrupt);
      });
    }
    for (AsyncSlot& slot : slots_) slot.Begin(run);
    context_.run();

    RunSummary summary{.elapsed = clock.Now() - started,
                       .cpu = CpuTime() - cpu_before,
                       .tls_resumed = pool_.tls_resumed() - resumed_before};
    writer.AddTo(summary);
    AddTo(summary, before, pool_.stats());
    return summary;
  }

 private:
  void Watch(const AsyncSlot::Run& run, const Interrupt& interrupt) {
    Deadline next = Deadline::After(SteadyClock().Now(), shortest_timeout_);
    for (const AsyncSlot& slot : slots_) next = std::min(next, slot.deadline());
    timer_.expires_at(std::min(next, interrupt.cancel_at()).at());
    timer_.async_wait([this, &run, &interrupt](const boost::system::error_code& ec) {
      if (!ec) Look(run, interrupt);
    });
  }

  // Is anybody's patience at its end?
  void Look(const AsyncSlot::Run& run, const Interrupt& interrupt) {
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

  Pooling pooling_;
  bool decode_;
  Duration shortest_timeout_;
  OriginTable origins_;
  // Only one thread at a time ever touches it, so Asio may leave its locks out.
  asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  LoopTimer timer_{context_};
  LoopPool<AsyncConnection> pool_;
  std::deque<AsyncSlot> slots_;
};

}  // namespace

std::unique_ptr<Engine> MakeAsyncEngine(const EngineOptions& options) {
  return std::make_unique<AsyncEngine>(ResolveFor("async", options));
}

}  // namespace assay
