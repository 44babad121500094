#include "bench/harness/context.h"

#include <benchmark/benchmark.h>
#include <sys/utsname.h>

#include <fstream>
#include <string>

#include "assay_build.h"  // written by tools/cmake/build_info.cmake
#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

std::string FirstLine(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line.empty() ? "unknown" : line;
}

std::string CpuModel() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  }
  return "unknown";
}

std::string Kernel() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

}  // namespace

void AddContext(int argc, char** argv) {
  std::string command = argv[0];
  for (int i = 1; i < argc; ++i) command.append(" ").append(argv[i]);
  benchmark::AddCustomContext("command", command);
  benchmark::AddCustomContext("commit", ASSAY_COMMIT);
  benchmark::AddCustomContext("dirty", ASSAY_DIRTY);
  benchmark::AddCustomContext("compiler", ASSAY_COMPILER);
  benchmark::AddCustomContext("flags", ASSAY_FLAGS);
  benchmark::AddCustomContext("build_type", ASSAY_BUILD_TYPE);
  benchmark::AddCustomContext("kernel", Kernel());
  benchmark::AddCustomContext("cpu", CpuModel());
  benchmark::AddCustomContext("governor",
                              FirstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  benchmark::AddCustomContext("seed", std::to_string(kSeed));
  benchmark::AddCustomContext("fixture", FixtureText());
}

}  // namespace assay::bench
