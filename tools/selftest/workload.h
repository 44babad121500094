// The rows of the A/A comparison: a Google Benchmark program within `assay`.
//
// Each row is of another nature, because machines do not make all of them noisy at
// once: arithmetic, floating point, memory within and beyond the caches, copying,
// allocation, a system call, a mutex, a wake-up of another thread, a byte to another
// socket and back.
#ifndef ASSAY_TOOLS_SELFTEST_WORKLOAD_H_
#define ASSAY_TOOLS_SELFTEST_WORKLOAD_H_

namespace assay::selftest {

// The first argument of `assay` that stands for this program.
inline constexpr const char* kWorkloadCommand = "selftest-workload";

// As main() of a Google Benchmark program: argv[0] is a name, then its flags. Exit
// status 0, or 2 for flags that it does not know or a filter that matches nothing.
// Once per process.
int RunWorkload(int argc, char** argv);

// Register the rows that need more than a line, in workload_memory.cc and
// workload_threads.cc.
void RegisterMemoryRows();
void RegisterThreadRows();

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_WORKLOAD_H_
