// Checks with callgrind that every row of regression_workload does exactly as many instructions
// more as --extra asks for, and prints them.
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bench/regression/callgrind.h"
#include "tools/regression/run/benchmark_program.h"

namespace assay::regression {
namespace {

constexpr int kIterations = 100;
constexpr double kExtra = 0.10;
constexpr double kAllowed = 0.002;  // the loop around the units is not in them

// Only what happens inside of a row's loop function is collected.
Result<std::uint64_t> Count(const std::string& workload, const std::string& row, double extra,
                            int iterations, const std::string& dump) {
  const std::vector<std::string> command{"/usr/bin/env",
                                         "valgrind",
                                         "--tool=callgrind",
                                         "--callgrind-out-file=" + dump,
                                         "--toggle-collect=*RunRow*",
                                         workload,
                                         "--extra=" + std::to_string(extra),
                                         "--iterations=" + std::to_string(iterations),
                                         "--benchmark_filter=^" + row + "/"};  // …/iterations:N
  const auto result = RunProcess(command, {});
  if (!result) return result.error();
  if (result->end == ProcessResult::End::kExited && result->status == 127) {
    return Error{ErrorCode::kIo, "valgrind is not installed: apt-get install valgrind"};
  }
  std::ifstream file(dump, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto total = CallgrindTotal(text.str());
  if (total && result->status == 0) return *total;
  return Error{ErrorCode::kIo, workload + ": counting instructions of " + row + ": exit status " +
                                   std::to_string(result->status) + ", no count"};
}

// Of a row; kIo when it cannot be counted.
Result<InstructionCounts> CountRow(const std::string& workload, const std::string& row,
                                   const std::string& dump) {
  InstructionCounts counts;
  struct Run {
    std::uint64_t InstructionCounts::*count;
    double extra;
    int iterations;
  };
  for (const Run& run : {Run{&InstructionCounts::base_once, 0, kIterations},
                         Run{&InstructionCounts::base_twice, 0, 2 * kIterations},
                         Run{&InstructionCounts::head_once, kExtra, kIterations},
                         Run{&InstructionCounts::head_twice, kExtra, 2 * kIterations}}) {
    auto total = Count(workload, row, run.extra, run.iterations, dump);
    if (!total) return total.error();
    counts.*run.count = *total;
  }
  return counts;
}

// 0 when every row rises as it should, 1 when one does not, 3 when they cannot be counted.
int PrintRises(const std::string& workload, const std::string& dump) {
  const auto fail = [](const Error& error) {
    std::fprintf(stderr, "regression_instructions: %s\n", error.message.c_str());
    return 3;
  };
  const auto rows = BenchmarkProgram(workload).List(".", {});
  if (!rows) return fail(rows.error());
  std::printf("Instructions per iteration by callgrind, and their rise with 10 %% more work\n");
  double worst = 0;
  for (const std::string& row : *rows) {
    const auto counts = CountRow(workload, row, dump);
    if (!counts) return fail(counts.error());
    const auto rise = InstructionRise(*counts);
    if (!rise) return fail({ErrorCode::kIo, row + ": more iterations, but no more instructions"});
    const double each =
        static_cast<double>(counts->base_twice - counts->base_once) / double{kIterations};
    std::printf("%-20s %10.1f %+8.3f %%\n", row.c_str(), each, 100 * *rise);
    worst = std::max(worst, std::abs(*rise - kExtra));
  }
  const bool met = worst <= kAllowed;
  std::printf("+10 %% work: furthest from +10 %% instructions %.3f points, required <= %.1f   %s\n",
              100 * worst, 100 * kAllowed, met ? "met" : "NOT MET");
  return met ? 0 : 1;
}

int Main(int count, char** arguments) {
  const std::string workload = count == 2 ? arguments[1] : "";
  if (workload.empty() || workload.front() == '-') {
    const bool help = workload == "--help" || workload == "-h";
    std::fputs(
        "usage: regression_instructions WORKLOAD   (the path of regression_workload; a minute)\n"
        "Exit status: 0 as it should be, 1 not so, 2 wrong option, 3 could not be counted.\n",
        help ? stdout : stderr);
    return help ? 0 : 2;
  }
  const char* const folder = std::getenv("TMPDIR");
  std::string dump = std::string(folder == nullptr ? "/tmp" : folder) + "/assay_callgrind_XXXXXX";
  const int file = ::mkstemp(dump.data());
  if (file < 0) {
    std::fprintf(stderr, "regression_instructions: %s: cannot be created\n", dump.c_str());
    return 3;
  }
  ::close(file);
  const int status = PrintRises(workload, dump);
  ::unlink(dump.c_str());
  return status;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** arguments) { return assay::regression::Main(count, arguments); }
