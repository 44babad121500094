#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/regression/compare_command.h"

namespace assay::regression {
namespace {

using Words = std::vector<std::string>;

// Two fakes, and what `assay compare` makes of them.
struct Programs {
  Programs(const std::string& base_script, const std::string& head_script)
      : base(folder.Wrapped("A", base_script)), head(folder.Wrapped("B", head_script)) {}

  Words With(const Words& options) const {
    Words words = {base, head};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
  int Status(const Words& options = {}) const { return AssayCompare(With(options)).status; }

  FakeFolder folder;
  std::string base;
  std::string head;
};

TEST(CompareExecutables, TheExitStatusSaysHowItEnded) {
  EXPECT_EQ(Programs("bench 10 x", "bench 10 x").Status(), 0);
  EXPECT_EQ(Programs("bench 10 x", "bench 20 x").Status(), 1);
  EXPECT_EQ(Programs("bench 10 x", "bench 10 x").Status({"--repetitions", "0"}), 2);
  EXPECT_EQ(Programs("bench 10 x", "bench 10 x\non run exit 7").Status(), 3);
  EXPECT_EQ(Programs("bench 10 x", "bench 10 x").Status({"--max-blocks", "2"}), 4);
  EXPECT_EQ(Programs("bench 10 x\nbench 1 gone", "bench 10 x").Status(), 5);
  EXPECT_EQ(Programs("bench 10 x", "failing x").Status(), 6);
}

TEST(CompareExecutables, NothingInCommonIsNeverSuccess) {
  EXPECT_EQ(Programs("bench 10 x", "bench 10 y").Status({"--fail-on", "regressed"}), 5);
}

TEST(CompareExecutables, GatesTheMetricsThatItIsGiven) {
  const Programs programs("bench 10 x\ncounter 900 rps", "bench 10 x\ncounter 300 rps");
  EXPECT_EQ(programs.Status(), 0);
  EXPECT_EQ(programs.Status({"--metrics", "rps"}), 1);
  EXPECT_EQ(programs.Status({"--metrics", "rps:lower"}), 0);
}

TEST(CompareExecutables, AnAllocationMoreFailsAfterOneBlock) {
  const Programs programs("bench 10 x\ncounter 3 allocs_per_op",
                          "bench 10 x\ncounter 4 allocs_per_op");
  EXPECT_EQ(programs.Status({"--max-blocks", "1"}), 1);
}

TEST(CompareExecutables, NamesWhatWentWrong) {
  const auto failure = [](const std::string& head_script) {
    const Programs programs("bench 1 a\nbench 1 b", head_script);
    const std::string message = FailureOf(programs.With({}));
    const std::string start = "3 assay compare: " + programs.head + ": ";
    EXPECT_TRUE(message.starts_with(start)) << message;
    return message.substr(std::min(start.size(), message.size()));
  };
  const std::string both = "bench 1 a\nbench 1 b\n";
  EXPECT_EQ(failure(both + "on list silent"),
            "listing its benchmarks: printed nothing: not a Google Benchmark program");
  EXPECT_EQ(failure(both + "on run silent"), "running 2 of its benchmarks: printed nothing");
  EXPECT_EQ(failure(both + "on list junk"),
            "listing its benchmarks: printed something else than names: not a Google Benchmark "
            "program");
  EXPECT_TRUE(failure(both + "on run junk")
                  .starts_with("running 2 of its benchmarks: printed no report: "));
  EXPECT_EQ(failure("bench 1 a\nhidden b"),
            "running 2 of its benchmarks: the report is without \"b\": its list of benchmarks "
            "changes from run to run");
  EXPECT_EQ(
      failure(both + "on in:b crash 9"),
      "running 2 of its benchmarks: crashed by signal 9 (SIGKILL) while in \"b\" (1 of 2 were "
      "finished)");
  EXPECT_EQ(failure(both + "on in:b silent"),
            "running 2 of its benchmarks: its report ends early while in \"b\" (1 of 2 were "
            "finished)");
}

TEST(CompareExecutables, BothSidesMustBeOfOneKind) {
  const Programs programs("bench 1 a", "bench 1 a");
  const std::string report = programs.folder.Write("r.json", ReportText(Entries("a", 1)));
  const std::string what =
      ": an executable on one side and none on the other; accepted: two executables, or reports "
      "on both sides";
  EXPECT_EQ(FailureOf({programs.base, report}), "3 assay compare: " + programs.base + what);
  EXPECT_EQ(FailureOf({report, programs.head}), "3 assay compare: " + programs.head + what);
  EXPECT_EQ(FailureOf(programs.With({"--base-filter", "a", "--head-filter", "a"})),
            "2 assay compare: --base-filter: works on reports, not on executables");
}

TEST(CompareExecutables, AnInterruptLeavesValidPartialOutput) {
  // Launch 13 is in the fourth block: three are complete.
  const std::string script = "noisy 10 x\nbench 1 y\non run:13 interrupt " + std::to_string(SIGINT);
  const Programs programs(script, script);
  const std::string json = programs.folder.File("out.json");
  const std::string log = programs.folder.File("blocks");
  const ProcessResult stopped = AssayCompare(programs.With({"--json", json, "--log", log}));
  EXPECT_EQ(stopped.status, 4);
  EXPECT_EQ(stopped.errors, "assay compare: stopped after 3 blocks: interrupted\n");
  const auto parsed = nlohmann::json::parse(TextOf(json));
  ASSERT_EQ(parsed["rows"].size(), 2u);
  EXPECT_EQ(parsed["rows"][0]["reason"], "3 of at least 9 blocks");
  EXPECT_EQ(programs.folder.Lines("blocks").size(), 4u);

  // It is taken up again from there.
  const ProcessResult resumed =
      AssayCompare(programs.With({"--json", json, "--log", log, "--max-blocks", "4"}));
  EXPECT_EQ(resumed.errors, "assay compare: stopped after 4 blocks: --max-blocks is reached\n");
  EXPECT_EQ(programs.folder.Lines("blocks").size(), 5u);
}

TEST(CompareExecutables, ALogOfOtherMetricsIsRefused) {
  const Programs programs("bench 1 x", "bench 1 x");
  const std::string log = programs.folder.File("blocks");
  EXPECT_EQ(programs.Status({"--log", log, "--max-blocks", "1"}), 4);
  EXPECT_TRUE(FailureOf(programs.With({"--log", log, "--metrics", "rps"}))
                  .starts_with("3 assay compare: " + log + ": belongs to another comparison: "));
}

}  // namespace
}  // namespace assay::regression
