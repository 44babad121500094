#include "tools/selftest/machine.h"

#include <sched.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace assay::selftest {
namespace {

std::optional<std::string> SanitizerOfThisBuild() {
#if defined(__SANITIZE_ADDRESS__)
  return "AddressSanitizer";
#elif defined(__SANITIZE_THREAD__)
  return "ThreadSanitizer";
#else
  return std::nullopt;
#endif
}

bool Optimised() {
#ifdef NDEBUG
  return true;
#else
  return false;
#endif
}

int UsableCpus() {
  cpu_set_t cpus;
  return ::sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 0;
}

std::optional<double> Load() {
  double load = 0;
  if (::getloadavg(&load, 1) != 1) return std::nullopt;
  return load;
}

std::optional<std::string> Governor() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  std::string governor;
  if (!std::getline(file, governor)) return std::nullopt;
  return governor;
}

}  // namespace

MachineFacts ReadMachine() {
  return {.cpus = UsableCpus(),
          .load = Load(),
          .governor = Governor(),
          .optimised = Optimised(),
          .sanitizer = SanitizerOfThisBuild()};
}

std::vector<std::string> WarningsFor(const MachineFacts& facts) {
  std::vector<std::string> warnings;
  if (facts.governor && *facts.governor != "performance") {
    warnings.push_back("the CPU frequency governor is " + *facts.governor +
                       ": with `performance` times vary less");
  }
  if (facts.load && facts.cpus > 0 && *facts.load > facts.cpus) {
    std::array<char, 100> text{};
    std::snprintf(text.data(), text.size(), "the load is %.1f on %d CPU%s: others compete for them",
                  *facts.load, facts.cpus, facts.cpus == 1 ? "" : "s");
    warnings.emplace_back(text.data());
  }
  if (facts.cpus == 1) {
    warnings.emplace_back("one CPU only: two threads take turns, wake-ups include a switch");
  }
  if (facts.sanitizer)
    warnings.push_back("assay is built with " + *facts.sanitizer +
                       ": nothing here is what real code costs");
  if (!facts.optimised)
    warnings.emplace_back(
        "assay is a debug build: its rows are slower than real code, and vary otherwise");
  return warnings;
}

}  // namespace assay::selftest
