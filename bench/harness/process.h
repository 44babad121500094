// Runs another program to its end and says what it cost.
#ifndef ASSAY_BENCH_HARNESS_PROCESS_H_
#define ASSAY_BENCH_HARNESS_PROCESS_H_

#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/result.h"

namespace assay::bench {

struct ProcessRun {
  std::string output{};  // its standard output
  Duration cpu{};        // user and system time of all its threads, start and end included
};

// `command` is the program, looked for in PATH where it has no slash, and its arguments.
// `cpu` is what the kernel tells who waits for a process (wait4), so it is the same account
// for every program, and nothing of the caller is in it. kIo when the program is not there or
// ends with another status than 0; the message begins with the program's name and ends
// with `remedy` when it is not there.
Result<ProcessRun> RunProcess(std::vector<std::string> command, const std::string& remedy);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_PROCESS_H_
