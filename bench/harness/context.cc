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

std::vector<std::pair<std::string, std::string>> ContextFacts(int argc, char** argv) {
  std::string command = argv[0];
  for (int i = 1; i < argc; ++i) command.append(" ").append(argv[i]);
  return {{"command", command},
          {"commit", ASSAY_COMMIT},
          {"dirty", ASSAY_DIRTY},
          {"compiler", ASSAY_COMPILER},
          {"flags", ASSAY_FLAGS},
          {"build_type", ASSAY_BUILD_TYPE},
          {"kernel", Kernel()},
          {"cpu", CpuModel()},
          {"governor", FirstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")},
          {"seed", std::to_string(kSeed)},
          {"fixture", FixtureText()}};
}

void AddContext(int argc, char** argv) {
  for (const auto& [name, value] : ContextFacts(argc, argv)) {
    benchmark::AddCustomContext(name, value);
  }
}

}  // namespace assay::bench
