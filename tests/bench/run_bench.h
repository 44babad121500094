// assay_bench as a user runs it, and what its report says.
#ifndef ASSAY_TESTS_BENCH_RUN_BENCH_H_
#define ASSAY_TESTS_BENCH_RUN_BENCH_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "tools/regression/read/reader.h"

namespace assay {

// What the program writes to stdout, and its exit status; `before` stands before its name.
inline std::pair<std::string, int> RunBench(const std::string& arguments,
                                            const std::string& before = "") {
  const std::string command =
      before + " " + std::string(ASSAY_BENCH_PROGRAM) + " " + arguments + " 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string output;
  std::array<char, 4096> buffer;
  for (std::size_t bytes; (bytes = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), bytes);
  }
  return {output, ::pclose(pipe)};
}

// NaN, with which no comparison holds, where the row has none of that name.
inline double CounterOf(const regression::Entry& row, const std::string& name) {
  const auto found = std::ranges::find(row.counters, name, &std::pair<std::string, double>::first);
  return found == row.counters.end() ? std::nan("") : found->second;
}

}  // namespace assay

#endif  // ASSAY_TESTS_BENCH_RUN_BENCH_H_
