#include "assay/transport/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace assay {

Interrupt::Interrupt(std::stop_token stop, Duration grace) : grace_(grace) {
  if (!stop.stop_possible()) return;
  fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  on_stop_.emplace(std::move(stop), [this] { Stop(); });
}

Interrupt::~Interrupt() {
  on_stop_.reset();
  if (fd_ >= 0) ::close(fd_);
}

void Interrupt::EndAt(Deadline end) noexcept {
  if (!end.never()) CancelAfter(end);
}

void Interrupt::CancelAfter(Deadline end) noexcept {
  const Duration::rep at = Deadline::After(end.at(), grace_).at().time_since_epoch().count();
  Duration::rep known = cancel_at_.load();
  while (at < known && !cancel_at_.compare_exchange_weak(known, at)) {
  }
}

void Interrupt::Stop() noexcept {
  CancelAfter(Deadline::At(SteadyClock().Now()));
  stopped_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof(one));
}

}  // namespace assay
