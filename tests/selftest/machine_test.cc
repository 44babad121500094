#include "tools/selftest/machine.h"

#include <gtest/gtest.h>

namespace assay::selftest {
namespace {

using Lines = std::vector<std::string>;

TEST(MachineWarnings, AreNoneOnAQuietMachine) {
  EXPECT_EQ(WarningsFor({.cpus = 2, .load = 2.0, .governor = "performance"}), Lines());
  EXPECT_EQ(WarningsFor({}), Lines());
  EXPECT_EQ(WarningsFor({.cpus = 0, .load = 3.0}), Lines());  // on how many CPUs?
}

TEST(MachineWarnings, NameWhatMakesItWorse) {
  const auto only = [](const MachineFacts& facts) {
    const Lines lines = WarningsFor(facts);
    return lines.size() == 1 ? lines.front() : std::to_string(lines.size()) + " lines";
  };
  EXPECT_EQ(only({.cpus = 2, .governor = "powersave"}),
            "the CPU frequency governor is powersave: with `performance` times vary less");
  EXPECT_EQ(only({.cpus = 2, .load = 2.14}), "the load is 2.1 on 2 CPUs: others compete for them");
  EXPECT_EQ(only({.cpus = 1}), "one CPU only: two threads take turns, wake-ups include a switch");
  EXPECT_NE(only({.cpus = 2, .optimised = false}).find("debug build"), std::string::npos);
  EXPECT_NE(only({.cpus = 2, .sanitizer = "ThreadSanitizer"}).find("ThreadSanitizer"),
            std::string::npos);
  EXPECT_EQ(WarningsFor({.cpus = 1, .load = 1.5}).front(),
            "the load is 1.5 on 1 CPU: others compete for them");
}

TEST(Machine, KnowsItsCpusAndHowItWasBuilt) {
  const MachineFacts facts = ReadMachine();
  EXPECT_GT(facts.cpus, 0);
  EXPECT_GE(facts.load.value(), 0);
#ifdef NDEBUG
  EXPECT_TRUE(facts.optimised);
#else
  EXPECT_FALSE(facts.optimised);
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  EXPECT_NE(facts.sanitizer.value().find("Sanitizer"), std::string::npos);
#else
  EXPECT_EQ(facts.sanitizer, std::nullopt);
#endif
}

}  // namespace
}  // namespace assay::selftest
