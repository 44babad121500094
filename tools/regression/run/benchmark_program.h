// A Google Benchmark executable, of any version from 1.5 on, seen through its
// command line.
//
// Every error is one line that names the executable, what it was asked for and what
// came instead: kTimeout when it took too long, kIo for everything else.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_BENCHMARK_PROGRAM_H_
#define ASSAY_TOOLS_REGRESSION_RUN_BENCHMARK_PROGRAM_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/read/document.h"
#include "tools/regression/run/process.h"

namespace assay::regression {

struct LaunchOptions {
  double min_time_s = 0.05;  // per repetition
  int repetitions = 3;
  ProcessOptions process{};  // its time-out is for each launch, on top of the time that the
                             // benchmarks should take (ten times their minimum)
};

class BenchmarkProgram {
 public:
  // `arguments` come before this class's own in every launch.
  explicit BenchmarkProgram(std::string path, std::vector<std::string> arguments = {});

  const std::string& path() const noexcept { return path_; }
  const std::vector<std::string>& arguments() const noexcept { return arguments_; }

  // The names of the benchmarks that `filter` (a regular expression as Google
  // Benchmark takes it) selects, in the program's order, at least one. What the
  // program prints whatever the filter, such as a greeting, is not taken for a name.
  Result<std::vector<std::string>> List(const std::string& filter,
                                        const ProcessOptions& options) const;

  // One report with every one of `names`, from one launch or, when they are too many
  // for a command line, from several. An error when one of them is not in it. With
  // `names` in the program's own order, the message of a launch that crashed, hung or
  // was cut off says which of them was running, as far as its output tells.
  Result<Document> Run(std::span<const std::string> names, const LaunchOptions& options) const;

 private:
  Result<std::vector<std::string>> ListedLines(const std::string& filter,
                                               const ProcessOptions& options) const;
  Result<Document> Launch(std::span<const std::string> names, const LaunchOptions& options) const;
  Result<ProcessResult> Start(const std::vector<std::string>& flags, const std::string& phase,
                              const ProcessOptions& options,
                              std::span<const std::string> names) const;
  Error Failed(const std::string& phase, const std::string& why) const;

  std::string path_;
  std::vector<std::string> arguments_;
};

// A filter that selects exactly the benchmarks of these names.
std::string FilterFor(std::span<const std::string> names);

// How many names at the front of `names`, at least one, make a filter of no more
// than `limit` bytes.
std::size_t NamesThatFit(std::span<const std::string> names, std::size_t limit);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_BENCHMARK_PROGRAM_H_
