// Facts about this machine and this build that make measurements worse.
#ifndef ASSAY_TOOLS_SELFTEST_MACHINE_H_
#define ASSAY_TOOLS_SELFTEST_MACHINE_H_

#include <optional>
#include <string>
#include <vector>

namespace assay::selftest {

struct MachineFacts {
  int cpus = 0;                            // that this process may use; 0: not known
  std::optional<double> load{};            // over the last minute
  std::optional<std::string> governor{};   // of the first CPU
  bool optimised = true;                   // this program
  std::optional<std::string> sanitizer{};  // that is built into it
};

// What the kernel will not tell is left out.
MachineFacts ReadMachine();

// One line each; none when all is well. Pure.
std::vector<std::string> WarningsFor(const MachineFacts& facts);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_MACHINE_H_
