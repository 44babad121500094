// One reading of the clock for all patterns around a call.
//
// Reads the time below it at the first question and then gives the same answer, until Expire() says
// that time has passed: after the call itself, and after a wait. Where nobody asks it reads
// nothing. For one call. On a ThreadTime it is one itself, and a nap expires it; a coroutine's naps
// are those of the time below, and who awaits one calls Expire().
#ifndef ASSAY_STACK_SHARED_NOW_H_
#define ASSAY_STACK_SHARED_NOW_H_

#include "assay/core/clock.h"
#include "assay/core/deadline.h"
#include "assay/patterns/waiting.h"

namespace assay {

template <ClockSource Time>
class SharedNow {
 public:
  explicit SharedNow(const Time& time) noexcept : time_(time) {}
  SharedNow(const SharedNow&) = delete;
  SharedNow& operator=(const SharedNow&) = delete;

  TimePoint Now() const {
    if (now_ == kUnknown) now_ = time_.Now();
    return now_;
  }

  void Expire() const noexcept { now_ = kUnknown; }

  // A scope in which time passes, however it ends.
  class Passing {
   public:
    explicit Passing(const SharedNow& shared) noexcept : shared_(shared) {}
    Passing(const Passing&) = delete;
    Passing& operator=(const Passing&) = delete;
    ~Passing() { shared_.Expire(); }

   private:
    const SharedNow& shared_;
  };

  class Nap {
   public:
    explicit Nap(const SharedNow& shared) : shared_(shared), nap_(shared.time_) {}
    bool Until(Deadline deadline) {
      const Passing nap(shared_);
      return nap_.Until(deadline);
    }
    void Wake() noexcept { nap_.Wake(); }

   private:
    const SharedNow& shared_;
    typename Time::Nap nap_;
  };

 private:
  // No clock says so. Not a flag of its own: a coroutine's frame has no byte to spare.
  static constexpr TimePoint kUnknown = TimePoint::min();

  const Time& time_;
  mutable TimePoint now_ = kUnknown;
};

}  // namespace assay

#endif  // ASSAY_STACK_SHARED_NOW_H_
