// Keeps a thread, and those that it starts meanwhile, on one CPU.
#ifndef ASSAY_BENCH_HARNESS_ONE_CPU_H_
#define ASSAY_BENCH_HARNESS_ONE_CPU_H_

#include <sched.h>

namespace assay::bench {

// From construction to destruction. Where the kernel refuses, nothing happens and
// active() is false.
class OneCpu {
 public:
  OneCpu();
  ~OneCpu();
  OneCpu(const OneCpu&) = delete;
  OneCpu& operator=(const OneCpu&) = delete;

  bool active() const noexcept { return active_; }

 private:
  cpu_set_t before_;
  bool active_ = false;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ONE_CPU_H_
