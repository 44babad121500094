#include "bench/harness/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace assay::bench {

Memory MemoryNow() {
  malloc_trim(0);
  // In all arenas; what is large is mapped and counted apart.
  const struct mallinfo2 heap = mallinfo2();
  double total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return {.heap_bytes = static_cast<double>(heap.uordblks + heap.hblkhd),
          .resident_bytes = resident * static_cast<double>(sysconf(_SC_PAGESIZE))};
}

// "5" is for the peak (proc(5)).
void MarkPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

double PeakResidentBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace assay::bench
