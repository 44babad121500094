// When those who wait are told to give up: what is in flight gets some time to end, and
// is cancelled then.
//
// Begins either at a moment known before or when somebody asks to stop. Thread-safe.
#ifndef ASSAY_TRANSPORT_INTERRUPT_H_
#define ASSAY_TRANSPORT_INTERRUPT_H_

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>

#include "assay/core/deadline.h"

namespace assay {

class Interrupt {
 public:
  // Never.
  Interrupt() = default;

  // `grace` after a stop is requested through `stop`, or after EndAt(), whichever comes
  // first. Throws std::system_error when there is no descriptor for fd().
  Interrupt(std::stop_token stop, Duration grace);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  void EndAt(Deadline end) noexcept;

  Deadline cancel_at() const noexcept {
    return Deadline::At(TimePoint(Duration(cancel_at_.load())));
  }

  // Can be read from when a stop has been requested; -1 if nobody can request one.
  int fd() const noexcept { return fd_; }
  bool stopped() const noexcept { return stopped_.load(); }

 private:
  void Stop() noexcept;
  void CancelAfter(Deadline end) noexcept;

  Duration grace_{};
  std::atomic<Duration::rep> cancel_at_{TimePoint::max().time_since_epoch().count()};
  std::atomic<bool> stopped_{false};
  int fd_ = -1;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_INTERRUPT_H_
