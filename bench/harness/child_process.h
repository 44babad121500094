// Code that runs in a process of its own, so that what is measured of this process is not its.
#ifndef ASSAY_BENCH_HARNESS_CHILD_PROCESS_H_
#define ASSAY_BENCH_HARNESS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>

namespace assay::bench {

// A listening socket on a free port of the loopback interface, closed with the object.
class LoopbackListener {
 public:
  // Throws std::runtime_error.
  LoopbackListener();
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  int fd() const noexcept { return fd_; }
  std::uint16_t port() const noexcept { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

class ChildProcess {
 public:
  // Forks, so this process must have one thread only; `run` is called in the child, which ends
  // with it. Throws std::runtime_error.
  explicit ChildProcess(const std::function<void()>& run);
  // Kills it and waits until it is gone. It is also killed when this process ends.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

 private:
  pid_t process_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_CHILD_PROCESS_H_
