// An io_uring of one thread: operations are queued, and go to the kernel together
// with the next wait.
//
// Belongs to the thread that makes it; the kernel refuses every other one. Needs
// Linux 6.1. Internal to engines: it includes liburing.
#ifndef ASSAY_ENGINES_URING_RING_H_
#define ASSAY_ENGINES_URING_RING_H_

#include <liburing.h>

#include <cstdint>

namespace assay {

class UringRing {
 public:
  // Room for so many operations between two waits; where there are more, they are
  // submitted earlier. Throws std::system_error that says what the kernel lacks.
  explicit UringRing(unsigned entries);
  ~UringRing();
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;

  // The next `count` (up to 4) operations are submitted together, as linked ones have to be.
  void Reserve(unsigned count);

  // A place for one operation, to be filled by io_uring_prep_…(); Reserve() first.
  io_uring_sqe* Next() noexcept { return io_uring_get_sqe(&ring_); }

  // Submits what is queued now, rather than with the next wait.
  void Flush() {
    if (io_uring_sq_ready(&ring_) > 0) Submit(0);
  }

  // Submits what is queued, waits until something has completed, and passes each
  // completion's user data and result to `handle`, which may queue more.
  template <class Handle>
  void Wait(Handle&& handle) {
    Submit(1);
    unsigned head = 0;
    unsigned seen = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&ring_, head, completion) {
      handle(completion->user_data, completion->res);
      ++seen;
    }
    io_uring_cq_advance(&ring_, seen);
  }

 private:
  void Submit(unsigned wait_for);

  io_uring ring_{};
};

}  // namespace assay

#endif  // ASSAY_ENGINES_URING_RING_H_
