#include "assay/adapters/asio_time.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <mutex>

namespace assay {

namespace asio = boost::asio;

// Held under the mutex: the timer, between the coroutine that starts it and who stops it. A
// completion is never called from there, since Asio hands it to the executor.
struct AsioTime::Nap::State {
  explicit State(const asio::any_io_executor& executor) : timer(executor) {}

  std::mutex mutex{};
  asio::steady_timer timer;
  bool woken = false;
};

AsioTime::Nap::Nap(AsioTime& time) : state_(std::make_shared<State>(time.executor_)) {}

asio::awaitable<bool> AsioTime::Nap::Until(Deadline deadline) {
  const std::shared_ptr<State> state = state_;
  boost::system::error_code stopped;
  auto token = asio::redirect_error(asio::use_awaitable, stopped);
  co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(
      // By reference: GCC 12 destroys a lambda in a co_await twice, with what it has copied.
      [&state, deadline](auto handler) {
        // The coroutine may go on, and end, on another thread before this returns.
        const std::shared_ptr<State> alive = state;
        const std::lock_guard lock(alive->mutex);
        alive->timer.expires_at(alive->woken ? TimePoint::min() : deadline.at());
        alive->timer.async_wait(std::move(handler));
      },
      token);
  const std::lock_guard lock(state->mutex);
  if (state->woken) co_return false;
  if (stopped) throw boost::system::system_error(stopped);
  co_return true;
}

void AsioTime::Nap::Wake() noexcept {
  const std::shared_ptr<State> alive = state_;  // the waiter may be faster than the end of this
  const std::lock_guard lock(alive->mutex);
  alive->woken = true;
  alive->timer.cancel();
}

}  // namespace assay
