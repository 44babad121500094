// One request at a time on an event loop: what does not depend on the kind of loop.
//
// Acts for a Transaction, which decides. The object lives as long as the engine, so that
// a request costs no allocation of its own. All calls come from the loop's thread.
// Internal to engines: it includes Asio and OpenSSL.
#ifndef ASSAY_ENGINES_LOOP_SLOT_H_
#define ASSAY_ENGINES_LOOP_SLOT_H_

#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "assay/engines/loop_pool.h"
#include "assay/engines/result_writer.h"

namespace assay {

// What the slots of one run share. `Slot` is derived from LoopSlot.
template <class Slot>
struct LoopRun {
  PreparedWorkload& workload;
  ResultWriter& writer;
  LoopPool<typename Slot::Connection>& pool;
  std::deque<Slot>& slots;  // by their number as waiters
  int active_slots;
  std::function<void()> when_over;  // called by the last one that ends
  bool serving = false;

  // Lets those go on who have waited for a connection that was given back.
  void ServeGrants() {
    if (serving) return;  // whoever is at it goes on
    serving = true;
    while (const auto grant = pool.NextGrant()) slots[grant->waiter].OnGrant(grant->lease);
    serving = false;
  }
};

template <class Slot, class ConnectionType>
class LoopSlot {
 public:
  using Connection = ConnectionType;
  using Lease = typename LoopPool<Connection>::Lease;
  using Run = LoopRun<Slot>;

  // Takes requests from `run`, which outlives the loop, until there are none.
  void Begin(Run& run) {
    run_ = &run;
    if (Take()) Perform(transaction_.Start(*request_, started_));
  }

  // The connection that it has waited for.
  void OnGrant(const Lease& lease) {
    lease_ = lease;
    Perform(UseLease(SteadyClock().Now()));
  }

  // Never() while nothing is in flight, or what is has been ended already.
  Deadline deadline() const noexcept {
    const bool open = request_ != nullptr && !Ended();
    return open ? transaction_.deadline() : Deadline::Never();
  }

  // The deadline has passed.
  void Expire(TimePoint now) {
    if (transaction_.ExpiryInterrupts(now)) return Interrupt(End::kExpired);
    Perform(transaction_.Expire(now));
  }

  // The request in flight, if there is one, ends now.
  void Cancel() {
    if (request_ != nullptr) Interrupt(End::kCancelled);
  }

 protected:
  using Action = Transaction::Action;

  // `origins` outlives the slot; `number` is its own, from 0.
  LoopSlot(const EngineOptions& options, OriginTable& origins, ConnectionPool::Waiter number)
      : transaction_(options.connection, options.pooling, origins), number_(number) {}
  ~LoopSlot() = default;

  Transaction& transaction() noexcept { return transaction_; }
  Connection& connection() noexcept { return *lease_->connection; }

  // Something begins, and something is back. When Back() is true, nothing is to be told
  // to the transaction: the request has ended otherwise.
  void Begun() noexcept { ++under_way_; }
  bool Back() {
    --under_way_;
    if (!Ended()) return false;
    if (under_way_ == 0) GoOn();
    return true;
  }
  bool Ended() const noexcept { return then_ || end_ != End::kOpen; }

  // A loop, because what ends at once must not nest what comes next. Without an action
  // something is under way, and goes on when it is back.
  void Perform(std::optional<Action> action) {
    Slot& slot = static_cast<Slot&>(*this);
    while (action) {
      switch (*action) {
        case Action::kConnect: action = slot.Connect(); break;
        case Action::kSend: action = slot.Send(); break;
        case Action::kReceive: action = slot.Receive(); break;
        case Action::kAcquire:
        case Action::kDone:
          if (under_way_ > 0) {
            then_ = action;
            return slot.Abort();
          }
          GiveBack();
          action = *action == Action::kAcquire ? Acquire() : Next();
      }
    }
  }

 private:
  enum class End { kOpen, kExpired, kCancelled };

  bool Take() {
    started_ = SteadyClock().Now();
    request_ = run_->workload.Take(started_);
    if (request_ != nullptr) return true;
    if (--run_->active_slots == 0) run_->when_over();
    return false;
  }

  std::optional<Action> Next() {
    run_->writer.Write(*request_, started_, transaction_);
    if (!Take()) return std::nullopt;
    return transaction_.Start(*request_, started_);
  }

  std::optional<Action> Acquire() {
    if (!transaction_.first()) transaction_.Queue(SteadyClock().Now());
    const TimePoint now = transaction_.timer().now();
    lease_ = run_->pool.Acquire(transaction_.origin().index, number_, now);
    if (!lease_) return std::nullopt;
    return UseLease(now);
  }

  Action UseLease(TimePoint now) {
    if (lease_->connected && transaction_.wants_fresh()) run_->pool.Reopen(*lease_);
    return lease_->connected ? transaction_.Reuse(connection().session(), now)
                             : transaction_.Connect(now);
  }

  void GiveBack() {
    if (!lease_) return;
    run_->pool.Release(*lease_, transaction_.reusable(), transaction_.timer().now());
    lease_.reset();
    run_->ServeGrants();
  }

  // What is under way comes back as aborted.
  void Interrupt(End end) {
    if (then_) return;  // it has ended by itself
    end_ = end;
    if (lease_) {
      static_cast<Slot&>(*this).Abort();
    } else {
      run_->pool.Abandon(number_);
    }
    if (under_way_ == 0) GoOn();
  }

  // With what had to wait until nothing was under way any more.
  void GoOn() {
    const End end = std::exchange(end_, End::kOpen);
    if (then_) return Perform(std::exchange(then_, std::nullopt));
    const TimePoint now = SteadyClock().Now();
    Perform(end == End::kExpired ? transaction_.Expire(now) : transaction_.Cancel(now));
  }

  Transaction transaction_;
  ConnectionPool::Waiter number_;
  Run* run_ = nullptr;
  const PreparedRequest* request_ = nullptr;
  TimePoint started_;
  std::optional<Lease> lease_;
  int under_way_ = 0;           // operations on the connection
  std::optional<Action> then_;  // when they are back
  End end_ = End::kOpen;        // why they were aborted, if they were
};

}  // namespace assay

#endif  // ASSAY_ENGINES_LOOP_SLOT_H_
