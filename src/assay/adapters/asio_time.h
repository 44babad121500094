// Boost.Asio's time for patterns: wrappers that wait, in coroutines of type
// boost::asio::awaitable.
//
//   AsioTime time(co_await boost::asio::this_coro::executor);
//   const auto fetch = [&](const Try& attempt) { return Fetch(url, attempt.deadline); };
//   const RetryRequest request{.repeatable = true, .deadline = deadline};
//   auto response = co_await CallAsync(retry, time, request, fetch);
//
// Where the coroutine is cancelled while it waits, Asio throws system_error(operation_aborted)
// from the co_await, as everywhere; the wrappers give back what they hold and let it pass.
//
// An AsioTime is a value and may be used from any thread; it must outlive the waits of its naps. A
// Nap belongs to the coroutine that waits, and only Wake() may be called from elsewhere. What a
// wait allocates (a coroutine frame, the timer's operation) is kept by the thread that runs the
// io_context for the next one.
#ifndef ASSAY_ADAPTERS_ASIO_TIME_H_
#define ASSAY_ADAPTERS_ASIO_TIME_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "assay/adapters/asio_children.h"
#include "assay/core/clock.h"
#include "assay/core/deadline.h"

namespace assay {

class AsioTime {
 public:
  explicit AsioTime(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  TimePoint Now() const noexcept { return SteadyClock().Now(); }
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

  class Nap {
   public:
    explicit Nap(AsioTime& time);

    // From the coroutine, on its executor.
    boost::asio::awaitable<bool> Until(Deadline deadline);

    // From any thread; it is safe when the nap ends meanwhile. Once the wait is over, also because
    // its coroutine has been destroyed, it touches neither the time nor the io_context.
    void Wake() noexcept;

   private:
    struct State;
    AsioTime* time_;
    std::shared_ptr<State> state_;
  };

  // Calls what it is told to when a deadline has passed: for one who waits for something else
  // meanwhile. Of the executor, from which all calls have to come.
  class Alarm {
   public:
    explicit Alarm(AsioTime& time) noexcept : time_(&time) {}
    ~Alarm() { Off(); }
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    // In place of what was set before. `ring` is called once, on the executor and never within
    // this call, unless Off() or another Set() comes before; never for a deadline that never is.
    void Set(Deadline deadline, std::function<void()> ring);
    void Off() noexcept;

   private:
    struct State;
    AsioTime* time_;
    std::shared_ptr<State> state_{};
  };

  template <class T>
  using Task = boost::asio::awaitable<T>;
  using Children = AsioChildren;
  template <class T>
  using Allocator = boost::asio::recycling_allocator<T>;

  // See asio_children.h.
  template <class T, class Body>
  Task<T> WithChildren(Body body) {
    return assay::WithChildren<T>(executor_, std::move(body));
  }

 private:
  boost::asio::any_io_executor executor_;
};

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_TIME_H_
