// A neighbour on another core: busy for random spans, idle for as long on average.
#ifndef ASSAY_BENCH_REGRESSION_LOAD_H_
#define ASSAY_BENCH_REGRESSION_LOAD_H_

#include <sys/types.h>

#include <cstdint>

#include "assay/core/result.h"

namespace assay::regression {

// A child process on CPU `cpu` that works and sleeps in turn, each for exponentially distributed
// spans of 5 s on average, as `seed` says, from construction to destruction. It ends with this
// process, however that ends. Start it before any thread.
class Load {
 public:
  static Result<Load> Start(int cpu, std::uint64_t seed);

  Load(Load&& other) noexcept;
  Load(const Load&) = delete;
  Load& operator=(Load&&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load();

 private:
  explicit Load(pid_t child) : child_(child) {}
  pid_t child_;
};

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_LOAD_H_
