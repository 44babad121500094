// What patterns are synchronised with, as a template parameter.
//
// A pattern whose races are to be tested takes it as `template <class Threads = StdThreads>` and
// makes its atomics and mutexes of it. Tests pass one whose accesses are explored in every
// order (tests/explore); everybody else uses the default and pays nothing.
#ifndef ASSAY_CORE_THREADS_H_
#define ASSAY_CORE_THREADS_H_

#include <atomic>
#include <mutex>

namespace assay {

struct StdThreads {
  template <class T>
  using Atomic = std::atomic<T>;
  using Mutex = std::mutex;
};

}  // namespace assay

#endif  // ASSAY_CORE_THREADS_H_
