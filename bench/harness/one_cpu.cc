#include "bench/harness/one_cpu.h"

namespace assay::bench {

OneCpu::OneCpu() {
  if (sched_getaffinity(0, sizeof(before_), &before_) != 0) return;
  cpu_set_t first;
  CPU_ZERO(&first);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &before_)) continue;
    CPU_SET(cpu, &first);
    break;
  }
  active_ = sched_setaffinity(0, sizeof(first), &first) == 0;
}

OneCpu::~OneCpu() {
  if (active_) sched_setaffinity(0, sizeof(before_), &before_);
}

}  // namespace assay::bench
