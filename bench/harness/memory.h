// What memory this process has.
#ifndef ASSAY_BENCH_HARNESS_MEMORY_H_
#define ASSAY_BENCH_HARNESS_MEMORY_H_

namespace assay::bench {

struct Memory {
  double heap_bytes = 0;      // what malloc() has handed out and not got back, all libraries
  double resident_bytes = 0;  // of the process, in pages
};

// The most that has been resident since the last MarkPeak(), in bytes.
double PeakResidentBytes();
void MarkPeak();

// Gives what is free back to the system before it looks.
Memory MemoryNow();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_MEMORY_H_
