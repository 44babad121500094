#include "assay/engines/uring_ring.h"

#include <cerrno>
#include <system_error>

#include "assay/engines/uring_support.h"

namespace assay {
namespace {

// Completions are worked off by this thread when it waits, and at no other time:
// no interrupt, no second thread, no lock.
constexpr unsigned kFlags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

const char* Hint(int error) {
  switch (error) {
    case EINVAL: return "io_uring_setup (Linux 6.1 or later is needed)";
    case EPERM: return "io_uring_setup (see kernel.io_uring_disabled, or the container's seccomp)";
    case ENOSYS: return "io_uring_setup (this kernel has no io_uring)";
    default: return "io_uring_setup";
  }
}

}  // namespace

UringRing::UringRing(unsigned entries) {
  io_uring_params parameters{};
  parameters.flags = kFlags | IORING_SETUP_CLAMP;
  if (const int error = io_uring_queue_init_params(entries, &ring_, &parameters); error != 0) {
    throw std::system_error(-error, std::generic_category(), Hint(-error));
  }
  // Spares every call the look-up of the ring's descriptor; without it all works the same.
  io_uring_register_ring_fd(&ring_);
}

UringRing::~UringRing() { io_uring_queue_exit(&ring_); }

void UringRing::Reserve(unsigned count) {
  if (io_uring_sq_space_left(&ring_) >= count) return;
  Submit(0);
  if (io_uring_sq_space_left(&ring_) >= count) return;
  throw std::system_error(EAGAIN, std::generic_category(), "io_uring_enter took nothing");
}

void UringRing::Submit(unsigned wait_for) {
  const int result = io_uring_submit_and_wait(&ring_, wait_for);
  // EAGAIN and EBUSY: the kernel wants some completions taken first.
  if (result >= 0 || result == -EINTR || result == -EAGAIN || result == -EBUSY) return;
  throw std::system_error(-result, std::generic_category(), "io_uring_enter");
}

std::string WhyNoUring() {
  try {
    const UringRing ring(4);
    return {};
  } catch (const std::system_error& error) {
    return error.what();
  }
}

}  // namespace assay
