#include "assay/adapters/asio_children.h"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>

namespace assay {

namespace asio = boost::asio;

// Kept by the children alone. It must not be a local of the one who waits, whom it keeps: nothing
// would ever destroy the two.
struct AsioChildren::Waiter {
  using Handler = asio::detail::awaitable_async_op_handler<void(), asio::any_io_executor>;
  Handler handler;
  AsioChildren& children;
};

// The bottom of a child's stack of coroutines.
asio::awaitable<AsioChildren::Entry> AsioChildren::Run(Task task, std::shared_ptr<Child> child) {
  try {
    co_await std::move(task);
  } catch (...) {
    // Dropped, as promised.
  }
  child->children.End(*child);
}

void AsioChildren::Start(Task task, bool is_body) {
  const auto child =
      std::allocate_shared<Child>(asio::recycling_allocator<Child>(), *this, is_body);
  if (!children_.empty()) child->waiter = children_.front().waiter;
  children_.push_back(*child);
  ++running_;
  const auto slot = child->signal.slot();
  // As co_spawn() does, but for a guard of the executor's work, which the one who waits has.
  Joined::Thread thread(Run(std::move(task), child), executor_, slot,
                        asio::cancellation_state(slot));
  thread.launch();
}

void AsioChildren::Cancel() {
  cancelled_ = true;
  for (Child& child : children_) child.told = false;
  // Within emit() children may end, begin, or cancel all. Those that were told go to the back.
  const auto next = [this] { return std::ranges::find(children_, false, &Child::told); };
  for (auto child = next(); child != children_.end(); child = next()) {
    Child& told = *child;
    told.told = true;
    children_.splice(children_.end(), children_, child);
    told.signal.emit(asio::cancellation_type::all);
  }
}

void AsioChildren::Await(Joined::Frame* frame) {
  Waiter::Handler::result_type nothing;
  Waiter::Handler handler(frame->detach_thread(), nothing);
  auto slot = handler.get_cancellation_slot();
  // Where any other co_await would throw.
  const bool cancelled =
      handler.throw_if_cancelled() && !!handler.get_cancellation_state().cancelled();
  const auto waiter = std::allocate_shared<Waiter>(asio::recycling_allocator<Waiter>(),
                                                   Waiter{std::move(handler), *this});
  for (Child& child : children_) child.waiter = waiter;
  if (slot.is_connected()) {
    slot.assign([waiting = std::weak_ptr(waiter)](asio::cancellation_type) {
      if (const auto alive = waiting.lock()) alive->children.CancelForWaiter();
    });
  }
  if (cancelled) CancelForWaiter();
}

void AsioChildren::CancelForWaiter() {
  const auto body = std::ranges::find_if(children_, &Child::body);
  if (body == children_.end()) return Cancel();
  body->signal.emit(asio::cancellation_type::all);
}

void AsioChildren::End(Child& child) {
  child.unlink();
  if (--running_ > 0) return;
  // Not within this call, in which the children may be being cancelled.
  if (child.waiter) asio::post(std::move(child.waiter->handler));
}

}  // namespace assay
