// Runs `assay compare` as a user does.
#ifndef ASSAY_TESTS_REGRESSION_COMPARE_COMMAND_H_
#define ASSAY_TESTS_REGRESSION_COMPARE_COMMAND_H_

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/process.h"

namespace assay::regression {

// `assay compare` with these arguments. One that was ended by a signal has the status
// -1.
inline ProcessResult AssayCompare(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {ASSAY_PROGRAM, "compare"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto result = RunProcess(command, {});
  if (!result.ok()) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  if (result->end != ProcessResult::End::kExited) result->status = -1;
  return *std::move(result);
}

// "3 assay compare: …": the status and stderr, which must be one line; nothing may
// have come on stdout.
inline std::string FailureOf(const std::vector<std::string>& arguments) {
  const ProcessResult result = AssayCompare(arguments);
  std::string errors = result.errors;
  EXPECT_TRUE(errors.ends_with('\n')) << errors;
  if (!errors.empty()) errors.pop_back();
  EXPECT_EQ(errors.find('\n'), std::string::npos) << errors;
  EXPECT_EQ(result.output, "");
  return std::to_string(result.status) + " " + errors;
}

inline std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string Entries(const std::string& name, double ns, const std::string& more = "") {
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += std::string(i == 0 ? "" : ",\n") + R"({"name": ")" + name + R"(", "run_name": ")" +
            name + R"(", "run_type": "iteration", "iterations": 1, "real_time": 1, "cpu_time": )" +
            std::to_string(ns * (1 + 0.001 * i)) + R"(, "time_unit": "ns")" + more + "}";
  }
  return text;
}

// A report with these entries.
inline std::string ReportText(const std::string& entries) {
  return "{\"context\": {},\n\"benchmarks\": [\n" + entries + "\n]}\n";
}

}  // namespace assay::regression

#endif  // ASSAY_TESTS_REGRESSION_COMPARE_COMMAND_H_
