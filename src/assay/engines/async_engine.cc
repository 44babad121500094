// `concurrency` connections on one event loop, on the thread that calls Run().
//
// One timer watches all deadlines. None is nearer, when its phase begins, than the
// shortest of the time-outs, so it is enough to look once in that time: the timer
// is set then, not for every request.

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "assay/engines/async_slot.h"
#include "assay/engines/engines.h"

namespace assay {
namespace {

namespace asio = boost::asio;

class AsyncEngine : public Engine {
 public:
  explicit AsyncEngine(const EngineOptions& options)
      : options_(options),
        shortest_timeout_(ShortestTimeout(options.connection)),
        tls_(options.connection.tls) {
    for (int i = 0; i < *options.concurrency; ++i) slots_.emplace_back(context_, tls_, options);
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = ConnectionsOpened();
    const std::uint64_t resumed_before = tls_.resumed();
    PreparedWorkload prepared(workload, options_.pooling, origins_, TlsSupport::kTls);
    const TimePoint started = clock.Now();
    prepared.Start(started);
    ResultWriter writer(sink);
    AsyncRun run{prepared, origins_, writer, static_cast<int>(slots_.size()), timer_};
    Watch(run, Deadline::After(started, shortest_timeout_));
    for (AsyncSlot& slot : slots_) slot.Begin(run);
    context_.restart();
    context_.run();

    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = ConnectionsOpened() - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before,
            .tls_resumed = tls_.resumed() - resumed_before};
  }

 private:
  void Watch(const AsyncRun& run, Deadline earliest) {
    if (earliest.never()) return;
    timer_.expires_at(earliest.at());
    timer_.async_wait([this, &run](const boost::system::error_code& ec) {
      // A cancel that comes after the timer has fired does not show in `ec`.
      if (ec || run.active_slots == 0) return;
      const TimePoint now = SteadyClock().Now();
      Deadline next = Deadline::After(now, shortest_timeout_);
      for (AsyncSlot& slot : slots_) {
        if (slot.deadline().Expired(now)) slot.Expire();
        next = std::min(next, slot.deadline());
      }
      Watch(run, next);
    });
  }

  std::uint64_t ConnectionsOpened() const {
    std::uint64_t opened = 0;
    for (const AsyncSlot& slot : slots_) opened += slot.connections_opened();
    return opened;
  }

  EngineOptions options_;
  Duration shortest_timeout_;
  TlsContext tls_;
  OriginTable origins_;
  // Only one thread at a time ever touches it, so Asio may leave its locks out.
  asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  LoopTimer timer_{context_};
  std::deque<AsyncSlot> slots_;
};

}  // namespace

std::unique_ptr<Engine> MakeAsyncEngine(const EngineOptions& options) {
  return std::make_unique<AsyncEngine>(ResolveFor("async", options));
}

}  // namespace assay
