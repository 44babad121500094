// Between threads that block and coroutines of Boost.Asio, in both directions.
//
//   BlockingCalls calls({.threads = 4});
//   auto row = co_await calls.Run(time, [] { return database.Query("…"); });   // in a coroutine
//
//   auto page = Await(context, Fetch(url));                                     // on a thread
//
// Nothing here can stop a blocking call: when the coroutine that waits for one is cancelled, the
// call goes on and its result is dropped, so `fn` has to own what it uses.
#ifndef ASSAY_ADAPTERS_ASIO_BRIDGE_H_
#define ASSAY_ADAPTERS_ASIO_BRIDGE_H_

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/adapters/asio_handler_memory.h"
#include "assay/adapters/asio_time.h"
#include "assay/core/deadline.h"
#include "assay/core/result.h"

namespace assay {

struct BlockingCallsOptions {
  int threads = 4;       // 1 to 1024
  int queue_limit = 64;  // 0 to 1000000 calls that wait for a thread
};

// Threads for blocking calls. May be used from any thread; must outlive the calls, whose end its
// destructor waits for. A call may end before or after the io_context of its coroutine is
// destroyed, not during that, while Asio takes its timers apart without a lock: declare this after
// the context, so that it goes first.
class BlockingCalls {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit BlockingCalls(const BlockingCallsOptions& options = {});
  ~BlockingCalls() { pool_.join(); }
  BlockingCalls(const BlockingCalls&) = delete;
  BlockingCalls& operator=(const BlockingCalls&) = delete;

  // fn()'s Result, from one of the threads; the coroutine goes on where it was. kLimitReached at
  // once where the queue is full. What `fn` throws is thrown here. A call whose coroutine has gone
  // before a thread came to it is not made, and has its place in the queue until then.
  template <class F, class R = std::invoke_result_t<F&>>
  boost::asio::awaitable<R> Run(AsioTime& time, F fn) {
    if (!Enter()) co_return Error{ErrorCode::kLimitReached, "blocking: full"};
    Place place(this);
    using Memory = AsioTime::Allocator<Call<F, R>>;
    auto call = std::allocate_shared<Call<F, R>>(Memory(), time, std::move(fn));
    auto make = [place = std::move(place), call]() mutable {
      call->Make();
      place.reset();
      auto done = call->done;
      call.reset();  // so that the coroutine is the last to have it, on the thread that keeps
                     // memory
      done.Wake();
    };
    boost::asio::post(pool_,
                      boost::asio::bind_allocator(call->memory.allocator(), std::move(make)));
    // Also when the wait is cancelled, or this coroutine is destroyed.
    struct Leave {
      ~Leave() { wanted.store(false, std::memory_order_relaxed); }
      std::atomic<bool>& wanted;
    } const leave{call->wanted};
    co_await call->done.Until(Deadline::Never());
    if (call->thrown) std::rethrow_exception(call->thrown);
    co_return std::move(*call->result);
  }

  // Calls that run or wait for a thread.
  int active() const noexcept { return active_.load(std::memory_order_relaxed); }

 private:
  template <class F, class R>
  struct Call {
    Call(AsioTime& time, F&& call) : fn(std::move(call)), done(time) {}
    void Make() noexcept {
      if (!wanted.load(std::memory_order_relaxed)) return;
      try {
        result.emplace(fn());
      } catch (...) {
        thrown = std::current_exception();
      }
    }
    F fn;
    AsioTime::Nap done;
    std::atomic<bool> wanted{true};
    HandlerMemory memory{};
    std::optional<R> result{};
    std::exception_ptr thrown{};
  };

  // What Enter() has counted, until it is reset or gone.
  struct Leaver {
    void operator()(BlockingCalls* calls) const noexcept {
      calls->active_.fetch_sub(1, std::memory_order_relaxed);
    }
  };
  using Place = std::unique_ptr<BlockingCalls, Leaver>;

  bool Enter() noexcept;

  const int most_;
  std::atomic<int> active_{0};
  boost::asio::thread_pool pool_;
};

// What Await() waits for; a std::promise without its allocations.
template <class T>
class Awaited {
  struct Ender;
  using Kept = std::unique_ptr<Awaited, Ender>;

 public:
  // The handler that begins the task, to be called at most once. Get() goes on when the task has
  // ended, or when the handler, or what has become of it, is destroyed.
  class Beginning {
   public:
    Beginning(Awaited& awaited, boost::asio::io_context& context,
              boost::asio::awaitable<Result<T>> task)
        : kept_(&awaited), context_(context), task_(std::move(task)) {}

    void operator()() {
      auto end = [kept = std::move(kept_)](std::exception_ptr thrown, Result<T> result) mutable {
        kept->thrown_ = std::move(thrown);
        kept->result_.emplace(std::move(result));
        kept.reset();
      };
      boost::asio::co_spawn(context_, std::move(task_), std::move(end));
    }

   private:
    Kept kept_;  // goes after the task, which may refer to what is the waiter's
    boost::asio::io_context& context_;
    boost::asio::awaitable<Result<T>> task_;
  };

  Result<T> Get() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
    if (thrown_) std::rethrow_exception(thrown_);
    if (result_) return *std::move(result_);
    return Error{ErrorCode::kCancelled,
                 "await: the io_context went before the coroutine had ended"};
  }

 private:
  struct Ender {
    void operator()(Awaited* awaited) const noexcept {
      // Notified under the lock: as soon as it is free, the waiter may be gone.
      const std::lock_guard lock(awaited->mutex_);
      awaited->ended_ = true;
      awaited->changed_.notify_one();
    }
  };

  std::mutex mutex_{};
  std::condition_variable changed_{};
  bool ended_ = false;
  std::exception_ptr thrown_{};
  std::optional<Result<T>> result_{};
};

// Runs a coroutine on `context`, which other threads run, and blocks until it has ended: its
// Result, or what it throws. On a thread that runs the context itself that would be for ever, so
// there it is kInvalidRequest and the coroutine does not begin. (So blocks a second call of tokio's
// block_on, tokio #2376.) kCancelled where the context is destroyed before the end; one that is
// stopped and left alone is waited for. Where there is no memory to begin it, that is thrown out of
// the context's run().
template <class T>
Result<T> Await(boost::asio::io_context& context, boost::asio::awaitable<Result<T>> task) {
  if (context.get_executor().running_in_this_thread()) {
    return Error{ErrorCode::kInvalidRequest,
                 "await: this thread runs the io_context, and would wait for itself"};
  }
  Awaited<T> awaited;
  HandlerMemory memory;
  // Begun there, so that what it allocates is what the context's thread has kept.
  typename Awaited<T>::Beginning begin(awaited, context, std::move(task));
  boost::asio::post(context, boost::asio::bind_allocator(memory.allocator(), std::move(begin)));
  return awaited.Get();
}

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_BRIDGE_H_
