// Coroutines of Boost.Asio that run beside the one that started them, and never outlive it.
//
//   AsioChildren children(time);
//   children.Spawn(Fetch(url, result));  // runs within this call until it has to wait
//   AsioTime::Alarm alarm(time);
//   alarm.Set(deadline, [&] { children.Cancel(); });
//   if (children.running() > 0) co_await children.Join();
//
// Between the first Spawn() and the end of Join() the one who started them awaits nothing else; who
// has to, does it in the body of WithChildren():
//
//   const auto body = [&](AsioChildren& children) -> awaitable<bool> {
//     children.Spawn(Fetch(url, result));
//     co_return co_await nap.Until(deadline);
//   };
//   const bool late = co_await WithChildren<bool>(executor, body);
//
// Join() and WithChildren() go on when all children have ended, WithChildren() also when its body
// has: when that returns or throws, what still runs is cancelled and waited for. (Structured
// concurrency; a child whose end nobody waits for would go on with references to what is gone.)
// When the one who awaits Join() is cancelled, all children are; one who awaits WithChildren(), its
// body is, and with it the children. A child may end after the body: what it refers to has to stand
// outside of the body.
//
// All runs on one executor, which has to be one thread's or a strand, and on which Spawn() has to
// be called. Where the io_context is destroyed meanwhile, the children are, and then the one who
// awaits them: nobody goes on, and all give back what they hold.
//
// A child that need not wait costs 0.1 us and, in the steady state, no allocation. A coroutine can
// only be cancelled alone when it is an awaitable_thread of its own; boost::asio::co_spawn(), which
// makes one, goes twice through the executor with it, and so the children here are made of what
// co_spawn() is made of, in boost::asio::detail (1.81): a Boost that changes it does not compile.
#ifndef ASSAY_ADAPTERS_ASIO_CHILDREN_H_
#define ASSAY_ADAPTERS_ASIO_CHILDREN_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/intrusive/list.hpp>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

// So that whoever runs coroutines of Asio under patterns has it.
#include "assay/adapters/asio_cancellation.h"

namespace assay {

class AsioChildren {
 public:
  using Task = boost::asio::awaitable<void>;

  // What it is made of must outlive it.
  explicit AsioChildren(const boost::asio::any_io_executor& executor) noexcept
      : executor_(executor) {}
  explicit AsioChildren(boost::asio::any_io_executor&&) = delete;
  template <class Time>
  requires requires(const Time& time) { time.executor(); }
  explicit AsioChildren(const Time& time) noexcept : executor_(time.executor()) {}

  // None may be running.
  ~AsioChildren() { assert(children_.empty()); }
  AsioChildren(const AsioChildren&) = delete;
  AsioChildren& operator=(const AsioChildren&) = delete;

  // Runs it as far as it can without waiting, to its end if it need not wait. An exception that
  // leaves the task ends it and is dropped: a task that can fail says so through what it refers to.
  void Spawn(Task task) { Start(std::move(task), false); }

  // All that run now, and those that begin within this call.
  void Cancel();

  // Cancel() has been called, by whomever.
  bool cancelled() const noexcept { return cancelled_; }
  std::size_t running() const noexcept { return running_; }

  // `co_await children.Join()`: goes on when none is running. It never throws; where its coroutine
  // is cancelled, it is the children that end early. Not when none is running.
  class Joined {
   public:
    explicit Joined(AsioChildren& children) noexcept : children_(&children) {}

    // What Boost.Asio calls when the coroutine has been suspended.
    using Frame = boost::asio::detail::awaitable_frame_base<boost::asio::any_io_executor>;
    using Thread = boost::asio::detail::awaitable_thread<boost::asio::any_io_executor>;
    Thread* operator()(Frame* frame) const {
      children_->Await(frame);
      return nullptr;
    }

   private:
    AsioChildren* children_;
  };
  Joined Join() noexcept { return Joined(*this); }

 private:
  template <class T, class Body>
  friend boost::asio::awaitable<T> WithChildren(boost::asio::any_io_executor executor, Body body);

  struct Waiter;
  using Hook =
      boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  struct Child : Hook {
    Child(AsioChildren& all, bool is_body) : children(all), body(is_body) {}
    ~Child() { this->unlink(); }  // while who waits is there, with the list
    AsioChildren& children;
    const bool body;    // of WithChildren()
    bool told = false;  // to end, by the last Cancel()
    // The one who waits: last to go, for all that the child has may refer to what is his.
    std::shared_ptr<Waiter> waiter{};
    boost::asio::cancellation_signal signal{};
  };
  using List = boost::intrusive::list<Child, boost::intrusive::constant_time_size<false>>;
  using Entry = boost::asio::detail::awaitable_thread_entry_point;

  static boost::asio::awaitable<Entry> Run(Task task, std::shared_ptr<Child> child);
  void Start(Task task, bool is_body);
  void Await(Joined::Frame* frame);
  void CancelForWaiter();
  void End(Child& child);

  const boost::asio::any_io_executor& executor_;
  List children_{};
  std::uint32_t running_ = 0;
  bool cancelled_ = false;
};

// Body: AsioChildren& -> awaitable<T>, T not void. Runs on `executor`, as its caller does.
template <class T, class Body>
boost::asio::awaitable<T> WithChildren(boost::asio::any_io_executor executor, Body body) {
  AsioChildren children(executor);
  std::optional<T> result;
  std::exception_ptr thrown;
  const auto run = [&]() -> AsioChildren::Task {
    try {
      result = co_await body(children);
    } catch (...) {
      thrown = std::current_exception();
    }
    children.Cancel();
  };
  children.Start(run(), true);
  if (children.running() > 0) co_await children.Join();
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*result);
}

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_CHILDREN_H_
