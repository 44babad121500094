// Rows that run in a coroutine of Asio, on the thread of the benchmark.
#ifndef ASSAY_BENCH_PATTERN_COROUTINE_CASE_H_
#define ASSAY_BENCH_PATTERN_COROUTINE_CASE_H_

#include <benchmark/benchmark.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "assay/adapters/asio_time.h"
#include "assay/core/result.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {

// The call that the patterns are put around, as a coroutine: its frame is what a plain co_await
// costs.
inline boost::asio::awaitable<Result<int>> TrivialTask() { co_return TrivialCall(); }

// Runs body(AsioTime&), an awaitable<void> that loops over `state`. What it throws fails the row.
template <class Body>
void RunCoroutine(benchmark::State& state, Body body) {
  boost::asio::io_context context(1);
  AsioTime time(context.get_executor());
  boost::asio::co_spawn(context, body(time), [&state](const std::exception_ptr& thrown) {
    if (thrown) state.SkipWithError("the coroutine has thrown");
  });
  context.run();
}

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PATTERN_COROUTINE_CASE_H_
