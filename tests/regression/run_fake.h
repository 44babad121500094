// A folder for the scripts and logs of fake benchmark programs.
#ifndef ASSAY_TESTS_REGRESSION_RUN_FAKE_H_
#define ASSAY_TESTS_REGRESSION_RUN_FAKE_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tools/regression/run/benchmark_program.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {

class FakeFolder {
 public:
  FakeFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay_run_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  FakeFolder(const FakeFolder&) = delete;
  FakeFolder& operator=(const FakeFolder&) = delete;
  ~FakeFolder() { std::filesystem::remove_all(path_); }

  std::string File(const std::string& name) const { return path_ + "/" + name; }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(File(name), std::ios::binary) << text;
    return File(name);
  }

  std::vector<std::string> Lines(const std::string& name) const {
    std::vector<std::string> lines;
    std::ifstream file(File(name));
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  // A program with this label, the common log "launches" and the lines of `script`.
  BenchmarkProgram Fake(const std::string& label, const std::string& script) const {
    return BenchmarkProgram(ASSAY_FAKE_BENCHMARK, {"--script=" + Script(label, script)});
  }

  // The path of one that needs no arguments.
  std::string Wrapped(const std::string& label, const std::string& script) const {
    const std::string path = Write(label, "#!/bin/sh\nexec '" ASSAY_FAKE_BENCHMARK "' '--script=" +
                                              Script(label, script) + "' \"$@\"\n");
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

 private:
  std::string Script(const std::string& label, const std::string& script) const {
    return Write("script_" + label, "label " + label + "\nlog " + File("launches") + "\n" + script);
  }

  std::string path_;
};

// Every benchmark goes on.
inline MoreBlocks Everything(const BlockValues& values) {
  MoreBlocks more;
  for (const auto& [name, blocks] : values) more.benchmarks.insert(name);
  return more;
}

inline Result<BlockOutcome> Compare(const BenchmarkProgram& base, const BenchmarkProgram& head,
                                    const BlockOptions& options,
                                    const BlockRunner::Decider& more = Everything) {
  return BlockRunner(base, head, options).RunBlocks(more);
}

}  // namespace assay::regression

#endif  // ASSAY_TESTS_REGRESSION_RUN_FAKE_H_
