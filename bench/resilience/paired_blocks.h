// Two ways to do the same, timed in turn, so that what the machine does meanwhile happens to both.
#ifndef ASSAY_BENCH_RESILIENCE_PAIRED_BLOCKS_H_
#define ASSAY_BENCH_RESILIENCE_PAIRED_BLOCKS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "bench/harness/allocations.h"

namespace assay::bench {

inline constexpr int kBlock = 10;  // requests

// What kBlock requests took.
struct Block {
  Duration elapsed{};
  Duration cpu{};                 // of the calling thread
  std::uint64_t allocations = 0;  // of the calling thread
};

template <class F>
Block TimeBlock(const F& send) {
  const SteadyClock clock;
  TakeAllocations();
  const Duration cpu = CpuTime();
  const TimePoint started = clock.Now();
  for (int i = 0; i < kBlock; ++i) send();
  const TimePoint ended = clock.Now();
  return {ended - started, CpuTime() - cpu, TakeAllocations()};
}

class PairedBlocks {
 public:
  // Times kBlock calls of each; which comes first alternates. How long those of `with` took.
  template <class With, class Without>
  Duration Time(const With& with, const Without& without) {
    Block first, second;
    if (count() % 2 == 0) {
      first = TimeBlock(with);
      second = TimeBlock(without);
    } else {
      second = TimeBlock(without);
      first = TimeBlock(with);
    }
    Add(first, second);
    return first.elapsed;
  }

  void Add(const Block& with, const Block& without);

  std::uint64_t count() const noexcept { return elapsed_.size(); }

  // Whether the time of one differs from that of the other by more than chance explains.
  bool seen() const;

  // Per request, as counters of a row (end_to_end.cc says which); with one pair at the least.
  // Confidence intervals only where there are pairs enough for one.
  std::map<std::string, double> Figures() const;

 private:
  // Differences, and the time without; per request.
  std::vector<double> elapsed_{}, cpu_{}, without_{};
  double cpu_with_ = 0;
  double allocations_ = 0;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_PAIRED_BLOCKS_H_
