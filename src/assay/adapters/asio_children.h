// Coroutines of Boost.Asio that run beside the one that started them, and never outlive it.
//
//   AsioTime::Nap nap(time);
//   const auto body = [&](AsioChildren& children) -> awaitable<bool> {
//     auto child = children.Spawn(Fetch(url, result, nap));  // calls nap.Wake() at its end
//     const bool late = co_await nap.Until(deadline);
//     if (late) child.Cancel();
//     co_return late;
//   };
//   const bool late = co_await WithChildren<bool>(executor, body);
//
// WithChildren() goes on when its body *and all children* have ended, however the body ends: when
// it returns or throws, what still runs is cancelled and waited for. When the one who awaits
// WithChildren() is cancelled, the body is, and with it the children. (Structured concurrency;
// a child whose end nobody waits for would go on with references to what is gone.) A child may end
// after the body: what it refers to has to stand outside of the body, as `nap` does above.
//
// All runs on one executor, which has to be one thread's or a strand. Each child costs what
// boost::asio::co_spawn() allocates. Where the io_context is destroyed meanwhile, the children are,
// and then the one who awaits them: nobody goes on, and all give back what they hold.
#ifndef ASSAY_ADAPTERS_ASIO_CHILDREN_H_
#define ASSAY_ADAPTERS_ASIO_CHILDREN_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <utility>

// So that whoever runs coroutines of Asio under patterns has it.
#include "assay/adapters/asio_cancellation.h"

namespace assay {

class AsioChildren : public std::enable_shared_from_this<AsioChildren> {
 public:
  using Task = boost::asio::awaitable<void>;

  // One of them, to be cancelled alone. May outlive it; then Cancel() has no effect.
  class Child {
   public:
    void Cancel() {
      if (const auto signal = signal_.lock()) signal->emit(boost::asio::cancellation_type::all);
    }

   private:
    friend class AsioChildren;
    explicit Child(std::weak_ptr<boost::asio::cancellation_signal> signal)
        : signal_(std::move(signal)) {}
    std::weak_ptr<boost::asio::cancellation_signal> signal_;
  };

  AsioChildren(const AsioChildren&) = delete;
  AsioChildren& operator=(const AsioChildren&) = delete;

  // On the executor's own thread it runs within this call as far as it can without waiting, to its
  // end if it need not wait; from elsewhere it begins soon. An exception that leaves the task ends
  // it and is dropped: a task that can fail says so through what it refers to.
  Child Spawn(Task task) {
    return Start(std::move(task), [](std::exception_ptr) {});
  }

  // All that run now.
  void Cancel() {
    // The signal of one that ends meanwhile goes with it.
    const auto running = running_;
    for (const auto& signal : running) signal->emit(boost::asio::cancellation_type::all);
  }

  std::size_t running() const noexcept { return running_.size(); }

 protected:
  explicit AsioChildren(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  virtual ~AsioChildren() = default;

 private:
  template <class T, class Body>
  friend boost::asio::awaitable<T> WithChildren(boost::asio::any_io_executor executor, Body body);

  // The last of them has ended.
  virtual void GoOn() = 0;

  template <class OnEnd>
  Child Start(Task task, OnEnd on_end) {
    running_.push_back(std::make_shared<boost::asio::cancellation_signal>());
    const auto at = std::prev(running_.end());
    const auto ended = [self = shared_from_this(), at, on_end](std::exception_ptr thrown) {
      self->running_.erase(at);
      on_end(thrown);
      if (self->running_.empty()) self->GoOn();
    };
    Child child(*at);
    boost::asio::co_spawn(executor_, std::move(task),
                          boost::asio::bind_cancellation_slot((*at)->slot(), ended));
    return child;
  }

  boost::asio::any_io_executor executor_;
  std::list<std::shared_ptr<boost::asio::cancellation_signal>> running_{};
};

// The children together with the one who awaits them, for WithChildren(). Kept by the children
// alone, through their completions: what keeps it must not be a local of the one who awaits, which
// it keeps, or nothing would ever destroy the two.
template <class Handler>
class AsioRegion final : public AsioChildren {
 public:
  AsioRegion(boost::asio::any_io_executor executor, Handler handler)
      : AsioChildren(std::move(executor)), handler_(std::move(handler)) {}

 private:
  void GoOn() override {
    boost::asio::get_associated_cancellation_slot(handler_).clear();
    boost::asio::post(std::move(handler_));
  }

  Handler handler_;
};

// Body: AsioChildren& -> awaitable<T>, T not void.
template <class T, class Body>
boost::asio::awaitable<T> WithChildren(boost::asio::any_io_executor executor, Body body) {
  namespace asio = boost::asio;
  std::optional<T> result;
  std::exception_ptr thrown;
  const auto run = [&](AsioChildren& children) -> AsioChildren::Task {
    result = co_await body(children);
  };
  auto token = asio::use_awaitable;
  co_await asio::async_initiate<decltype(token), void()>(
      [&](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        using Region = AsioRegion<decltype(handler)>;
        const auto region = std::make_shared<Region>(executor, std::move(handler));
        AsioChildren& children = *region;
        auto task = children.Start(run(children), [&thrown, &children](std::exception_ptr e) {
          thrown = e;
          children.Cancel();
        });
        if (slot.is_connected()) {
          slot.assign([task](asio::cancellation_type) mutable { task.Cancel(); });
        }
      },
      token);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*result);
}

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_CHILDREN_H_
