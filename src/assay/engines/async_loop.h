// One event loop of the async engine: its connections, its slots, its timer.
//
// Belongs to the thread that calls Run(). Internal to engines: it includes Asio and
// OpenSSL.
#ifndef ASSAY_ENGINES_ASYNC_LOOP_H_
#define ASSAY_ENGINES_ASYNC_LOOP_H_

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <deque>

#include "assay/engines/async_slot.h"
#include "assay/transport/interrupt.h"

namespace assay {

class AsyncLoop {
 public:
  // `options` are resolved and those of this loop alone; `origins` and `tls` are shared,
  // and outlive it.
  AsyncLoop(const EngineOptions& options, OriginTable& origins, TlsContext& tls);

  // Until the workload has nothing left. Returns what this loop has done, without its CPU
  // time and how long it took.
  RunSummary Run(PreparedWorkload& workload, const Interrupt& interrupt, ResultSink& sink);

  // Connections to open before the first run.
  std::uint64_t warm_up() const noexcept { return warm_up_; }

 private:
  // The concrete executor spares every operation a type-erased call.
  using Executor = boost::asio::io_context::executor_type;
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;

  void Watch(const AsyncSlot::Run& run, const Interrupt& interrupt);
  void Look(const AsyncSlot::Run& run, const Interrupt& interrupt);

  Duration shortest_timeout_;
  std::uint64_t warm_up_;
  // Only one thread at a time ever touches it, so Asio may leave its locks out.
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  Timer timer_{context_};
  LoopPool<AsyncConnection> pool_;
  std::deque<AsyncSlot> slots_;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_ASYNC_LOOP_H_
