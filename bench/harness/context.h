// What a reader of a report needs to know to believe it: which code, built how,
// on which machine.
#ifndef ASSAY_BENCH_HARNESS_CONTEXT_H_
#define ASSAY_BENCH_HARNESS_CONTEXT_H_

#include <string>
#include <utility>
#include <vector>

namespace assay::bench {

// command, commit, dirty, compiler, flags, build_type, kernel, cpu, governor
// ("unknown" where the machine does not say), seed and the fixture's options.
std::vector<std::pair<std::string, std::string>> ContextFacts(int argc, char** argv);

// Adds them to the `context` of Google Benchmark's report. Call once, before the
// options are read.
void AddContext(int argc, char** argv);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_CONTEXT_H_
