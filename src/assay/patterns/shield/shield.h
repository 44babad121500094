// Work that goes on when the one who asked for it is cancelled: a write that has to be finished, a
// connection that has to be given back.
//
//   const auto body = [&](AsioChildren& children) -> awaitable<bool> {
//     ShieldScope scope(time, children, [](const ShieldLoss& loss) { Log(loss); });
//     co_await Serve(scope);  // co_await scope.Shield([&] { return Commit(order); });
//     co_return co_await scope.Join(Deadline::After(time.Now(), std::chrono::seconds(5)));
//   };
//   co_await time.WithChildren<bool>(body);
//
// The work belongs to the scope, not to its caller: the scope's Join() waits for it, and what is
// still running when the scope's region ends is cancelled and waited for, like every child. (In
// asyncio a shielded task belongs to nobody: cpython #94972, #86802.) What comes of work whose
// caller has gone is not lost either: errors and exceptions are handed to `on_loss`.
//
// For coroutines of one executor; not thread-safe. The scope may go before its work has ended; what
// the work and `on_loss` refer to has to outlive the region.
#ifndef ASSAY_PATTERNS_SHIELD_SHIELD_H_
#define ASSAY_PATTERNS_SHIELD_SHIELD_H_

#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/waiting.h"

namespace assay {

// How work ended that nobody waited for any more: one of the two is set.
struct ShieldLoss {
  std::optional<Error> error{};
  std::exception_ptr thrown{};
};

template <ConcurrentTime Time>
class ShieldScope {
 public:
  using Children = typename Time::Children;
  template <class T>
  using Task = typename Time::template Task<T>;

  // Of a region of WithChildren(). `on_loss` must not throw.
  ShieldScope(Time& time, Children& children, std::function<void(const ShieldLoss&)> on_loss)
      : time_(time), children_(children), shared_(std::make_shared<Shared>()) {
    shared_->on_loss = std::move(on_loss);
  }
  ShieldScope(const ShieldScope&) = delete;
  ShieldScope& operator=(const ShieldScope&) = delete;

  // Begins fn(), which returns a task of a Result, within this call; the task that is returned
  // waits for it. When the caller is cancelled meanwhile, the work is not: only the wait ends. One
  // that has been cancelled already, as in its cleaning up, is thrown out of its co_await at once,
  // and the work is done all the same. `fn` is moved to where it lasts as long as its task.
  template <class F, class R = typename std::invoke_result_t<F&>::value_type>
  Task<R> Shield(F fn) {
    using Memory = typename Time::template Allocator<Work<F, R>>;
    auto work = std::allocate_shared<Work<F, R>>(Memory(), time_, std::move(fn), shared_);
    Awaiting<F, R> awaiting(work);
    ++shared_->running;
    children_.Spawn(Run(work));
    return Wait(std::move(awaiting));
  }

  // Waits until no work is left (true), or until the deadline (false). Several may wait.
  Task<bool> Join(Deadline deadline) {
    // Of its own, as it may outlive the scope; left also when the wait is cancelled or destroyed.
    struct Place {
      Place(Time& time, std::shared_ptr<Shared> scope)
          : shared(std::move(scope)), nap(shared->joining.emplace(shared->joining.end(), time)) {}
      ~Place() { shared->joining.erase(nap); }
      Place(const Place&) = delete;
      Place& operator=(const Place&) = delete;
      std::shared_ptr<Shared> shared;
      typename std::list<typename Time::Nap>::iterator nap;
    };
    const std::shared_ptr<Shared> shared = shared_;
    bool late = false;  // and not a break, of which GCC 12 makes wrong code here
    while (shared->running > 0 && !late) {
      const Place place(time_, shared);
      late = co_await place.nap->Until(deadline);
    }
    co_return shared->running == 0;
  }

  std::size_t running() const noexcept { return shared_->running; }

 private:
  // Outlives the scope, as the work may.
  struct Shared {
    std::function<void(const ShieldLoss&)> on_loss{};
    std::size_t running = 0;
    std::list<typename Time::Nap> joining{};  // woken when all work has ended
  };

  template <class F, class R>
  struct Work {
    Work(Time& time, F&& call, std::shared_ptr<Shared> scope)
        : fn(std::move(call)), shared(std::move(scope)), done(time) {}

    void End() {
      if (!awaited) Lose();
      if (--shared->running == 0) {
        for (auto& nap : shared->joining) nap.Wake();
      }
      done.Wake();
    }
    void Lose() {
      if (!shared->on_loss) return;
      if (thrown) shared->on_loss({.thrown = thrown});
      if (result && !result->ok()) shared->on_loss({.error = result->error()});
    }

    F fn;
    std::shared_ptr<Shared> shared;
    typename Time::Nap done;
    bool awaited = true;
    std::optional<R> result{};
    std::exception_ptr thrown{};
  };

  // The caller's side. Its task may never begin: what has ended by then is lost, too.
  template <class F, class R>
  class Awaiting {
   public:
    explicit Awaiting(std::shared_ptr<Work<F, R>> work) : work_(std::move(work)) {}
    Awaiting(Awaiting&&) noexcept = default;
    Awaiting& operator=(Awaiting&&) = delete;
    ~Awaiting() {
      if (!work_) return;
      work_->awaited = false;
      if (!begun_) work_->Lose();
    }
    Work<F, R>& Begin() noexcept {
      begun_ = true;
      return *work_;
    }

   private:
    std::shared_ptr<Work<F, R>> work_;
    bool begun_ = false;
  };

  template <class F, class R>
  static Task<R> Wait(Awaiting<F, R> awaiting) {
    Work<F, R>& work = awaiting.Begin();
    co_await work.done.Until(Deadline::Never());
    if (work.thrown) std::rethrow_exception(work.thrown);
    co_return std::move(*work.result);
  }

  template <class F, class R>
  static Task<void> Run(std::shared_ptr<Work<F, R>> work) {
    try {
      work->result = co_await work->fn();
    } catch (...) {
      work->thrown = std::current_exception();
    }
    work->End();
  }

  Time& time_;
  Children& children_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_SHIELD_SHIELD_H_
