#include "bench/harness/process.h"

#include <gtest/gtest.h>

namespace assay::bench {
namespace {

using std::chrono::milliseconds;

TEST(RunProcess, SaysWhatTheProgramSays) {
  const std::string much(100'000, 'x');
  EXPECT_EQ(RunProcess({"printf", "%s %s", "two words", much}, "").value().output,
            "two words " + much);
}

TEST(RunProcess, BillsTheCpuOfTheProgramAndNotThatOfTheCaller) {
  const auto busy =
      RunProcess({"sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"}, "");
  EXPECT_GT(busy.value().cpu, milliseconds(10));
  for (const TimePoint begin = SteadyClock().Now(); CpuTime() < milliseconds(200);) {
    ASSERT_LT(SteadyClock().Now() - begin, std::chrono::seconds(50));
  }
  EXPECT_LT(RunProcess({"true"}, "").value().cpu, milliseconds(100));
}

TEST(RunProcess, NamesTheProgramThatFailed) {
  EXPECT_EQ(RunProcess({"/no/such_program"}, "get it").error().message,
            "such_program: not there (get it)");
  EXPECT_EQ(RunProcess({"sh", "-c", "exit 7"}, "").error().message, "sh: exit status 7");
  EXPECT_EQ(RunProcess({"sh", "-c", "kill -9 $$"}, "").error().message, "sh: ended by signal 9");
}

}  // namespace
}  // namespace assay::bench
