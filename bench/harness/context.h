// What a reader of a report needs to know to believe it: which code, built how,
// on which machine.
#ifndef ASSAY_BENCH_HARNESS_CONTEXT_H_
#define ASSAY_BENCH_HARNESS_CONTEXT_H_

namespace assay::bench {

// Adds to the report's `context`: commit, dirty, compiler, flags, build_type,
// kernel, cpu, governor ("unknown" where the machine does not say), seed and the
// fixture's options; and the command. Call once, before the options are read.
void AddContext(int argc, char** argv);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_CONTEXT_H_
