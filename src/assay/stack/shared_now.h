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
    if (!known_) now_ = time_.Now();
    known_ = true;
    return now_;
  }

  void Expire() const noexcept { known_ = false; }

  class Nap {
   public:
    explicit Nap(const SharedNow& shared) : shared_(shared), nap_(shared.time_) {}
    bool Until(Deadline deadline) {
      const bool came = nap_.Until(deadline);
      shared_.Expire();
      return came;
    }
    void Wake() noexcept { nap_.Wake(); }

   private:
    const SharedNow& shared_;
    typename Time::Nap nap_;
  };

 private:
  const Time& time_;
  mutable TimePoint now_{};
  mutable bool known_ = false;
};

}  // namespace assay

#endif  // ASSAY_STACK_SHARED_NOW_H_
