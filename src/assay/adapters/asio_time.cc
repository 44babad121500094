#include "assay/adapters/asio_time.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <mutex>
#include <optional>
#include <utility>

namespace assay {

namespace asio = boost::asio;

// Held under the mutex: the timer, between the coroutine that starts it and who stops it. A
// completion is never called from there, since Asio hands it to the executor.
struct AsioTime::Nap::State {
  std::mutex mutex{};
  std::optional<asio::steady_timer> timer{};  // only while somebody waits
  bool woken = false;
};

AsioTime::Nap::Nap(AsioTime& time)
    : time_(&time), state_(std::allocate_shared<State>(Allocator<State>())) {}

asio::awaitable<bool> AsioTime::Nap::Until(Deadline deadline) {
  const std::shared_ptr<State> state = state_;
  {
    const std::lock_guard lock(state->mutex);
    if (state->woken) co_return false;  // without a timer, which would cost 20 us
  }
  // The timer is of the io_context, which may be gone when somebody wakes a nap that is over: it
  // goes with the wait, also where the coroutine is thrown out of that or destroyed.
  struct Wait {
    Wait(State& nap, const asio::any_io_executor& executor) : state(nap) {
      const std::lock_guard lock(state.mutex);
      state.timer.emplace(executor);
    }
    ~Wait() {
      const std::lock_guard lock(state.mutex);
      state.timer.reset();
    }
    State& state;
  } const wait(*state, time_->executor_);
  boost::system::error_code stopped;
  auto token = asio::redirect_error(asio::use_awaitable, stopped);
  co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(
      // By reference: GCC 12 destroys a lambda in a co_await twice, with what it has copied.
      [&state, deadline](auto handler) {
        // The coroutine may go on, and end, on another thread before this returns.
        const std::shared_ptr<State> alive = state;
        const std::lock_guard lock(alive->mutex);
        alive->timer->expires_at(alive->woken ? TimePoint::min() : deadline.at());
        alive->timer->async_wait(std::move(handler));
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
  if (alive->timer) alive->timer->cancel();
}

// Kept by the timer's handler, too, which may be under way when the alarm goes.
struct AsioTime::Alarm::State {
  asio::steady_timer timer;
  std::function<void()> ring;
};

void AsioTime::Alarm::Set(Deadline deadline, std::function<void()> ring) {
  Off();
  if (deadline.never()) return;
  state_ = std::allocate_shared<State>(
      Allocator<State>(),
      State{asio::steady_timer(time_->executor_, deadline.at()), std::move(ring)});
  state_->timer.async_wait([state = state_](boost::system::error_code) {
    if (const auto due = std::exchange(state->ring, nullptr)) due();
  });
}

void AsioTime::Alarm::Off() noexcept {
  if (!state_) return;
  state_->ring = nullptr;
  state_->timer.cancel();
  state_.reset();
}

}  // namespace assay
