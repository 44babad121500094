#include <gtest/gtest.h>

#include "tests/regression/comparison_reports.h"
#include "tests/regression/run_fake.h"
#include "tools/regression/compare/program_comparison.h"

namespace assay::regression {
namespace {

using Words = std::vector<std::string>;

// Two fakes by name. ComparePrograms() takes paths without arguments, so each is a
// script that starts the fake.
class Programs {
 public:
  Programs(const std::string& base, const std::string& head)
      : base_(folder.Wrapped("A", base)), head_(folder.Wrapped("B", head)) {}

  Result<ProgramComparison> Compare(const Words& metrics = {}, int max_blocks = 16,
                                    const std::string& log = "") {
    CompareOptions options{.metrics = ParseMetrics(metrics).value()};
    options.report_only = report_only;
    return ComparePrograms(base_, head_, options, {.max_blocks = max_blocks, .log = log}, {});
  }

  bool report_only = false;
  const FakeFolder folder;

 private:
  std::string base_;
  std::string head_;
};

TEST(ComparePrograms, GatesACounterBesideTheTime) {
  Programs programs("bench 10 x\ncounter 1000 rps\nbench 5 y",
                    "bench 10 x\ncounter 500 rps\nbench 5 y");
  const auto compared = programs.Compare({"rps"});
  ASSERT_TRUE(compared.ok());
  const Comparison& comparison = compared->comparison;
  ASSERT_EQ(comparison.rows.size(), 3u);
  const Row& rps = RowOf(comparison, "x", "rps");
  EXPECT_EQ(rps.decision.verdict, Verdict::kRegressed);
  EXPECT_NEAR(rps.decision.effect, -0.5, 1e-9);
  EXPECT_EQ(rps.grade, Grade::kA);
  EXPECT_EQ(rps.base, 1000);
  EXPECT_EQ(rps.head, 500);
  EXPECT_EQ(VerdictOf(comparison, "x", "cpu_time"), "EQUIVALENT");
  EXPECT_EQ(VerdictOf(comparison, "y", "rps"), "no row");
  EXPECT_EQ(compared->stop, BlockOutcome::Stop::kDecided);
}

TEST(ComparePrograms, ABenchmarkGoesOnWhileAMetricOfItIsUndecided) {
  // The jumping counter of the head is never decided, the times are at once.
  Programs programs("bench 10 x\ncounter 1 noise\nbench 5 y",
                    "bench 10 x\ndrifting 0 noise\nbench 5 y");
  const auto compared = programs.Compare({"noise:lower"}, 12);
  ASSERT_TRUE(compared.ok());
  EXPECT_EQ(compared->blocks, 12);
  EXPECT_EQ(VerdictOf(compared->comparison, "y", "cpu_time"), "EQUIVALENT");
  const Words lines = programs.folder.Lines("launches");
  EXPECT_TRUE(lines.front().ends_with("\tx\ty"));
  EXPECT_TRUE(lines.back().ends_with("3\tx")) << lines.back();
}

TEST(ComparePrograms, AnExactCountIsDecidedAfterTheFirstBlock) {
  Programs programs("bench 10 x\ncounter 3 allocs_per_op\nuneven 1 INSTRUCTIONS",
                    "bench 10 x\ncounter 4 allocs_per_op\nuneven 1 INSTRUCTIONS");
  const Comparison first = programs.Compare({}, 1)->comparison;
  const Row& allocations = RowOf(first, "x", "allocs_per_op");
  EXPECT_EQ(allocations.decision.verdict, Verdict::kRegressed);
  EXPECT_EQ(allocations.decision.reason, "exact: the same in every launch");
  EXPECT_EQ(VerdictOf(first, "x", "cpu_time"), "INCONCLUSIVE");
  EXPECT_EQ(VerdictOf(first, "x", "INSTRUCTIONS"), "no row");
  const auto all = programs.Compare({"allocs_per_op"});
  EXPECT_EQ(all->comparison.rows.size(), 2u);
  EXPECT_EQ(VerdictOf(all->comparison, "x", "allocs_per_op"), "REGRESSED");
  EXPECT_EQ(VerdictOf(all->comparison, "x", "cpu_time"), "EQUIVALENT");
}

TEST(ComparePrograms, ACountThatVariesFromLaunchToLaunchIsNotExact) {
  Programs programs("bench 10 x\ndrifting 3 allocs_per_op", "bench 10 x\ncounter 3 allocs_per_op");
  EXPECT_EQ(programs.Compare({}, 1)->comparison.rows.size(), 1u);
  // Named, it is compared as any other counter.
  EXPECT_EQ(VerdictOf(programs.Compare({"allocs_per_op"}, 1)->comparison, "x", "allocs_per_op"),
            "INCONCLUSIVE");
}

TEST(ComparePrograms, WhatOneSideLacksIsMissingOrNew) {
  Programs programs("bench 10 x\ncounter 1 rps", "bench 10 x\ncounter 1 errors");
  const Comparison comparison = programs.Compare({"rps", "errors"}, 1)->comparison;
  EXPECT_EQ(VerdictOf(comparison, "x", "rps"), "MISSING");
  EXPECT_EQ(VerdictOf(comparison, "x", "errors"), "NEW");
  EXPECT_TRUE(comparison.conditions.warnings.empty());
}

TEST(ComparePrograms, AMisspeltMetricIsAWarning) {
  Programs programs("bench 10 x\ncounter 1 rps", "bench 10 x\ncounter 1 errors");
  EXPECT_EQ(programs.Compare({"prs:higher"}, 1)->comparison.conditions.warnings,
            Words{"--metrics: no benchmark has 'prs'; counters there are: errors, rps"});
}

TEST(ComparePrograms, ARunFromTheLogAloneKnowsItsCounters) {
  Programs programs("bench 10 x\ncounter 9 rps", "bench 10 x\ncounter 8 rps");
  const std::string log = programs.folder.File("log");
  const Comparison first = programs.Compare({"rps", "foo:lower"}, 2, log)->comparison;
  const std::size_t launches = programs.folder.Lines("launches").size();
  const Comparison again = programs.Compare({"rps", "foo:lower"}, 2, log)->comparison;
  EXPECT_EQ(programs.folder.Lines("launches").size(), launches);
  EXPECT_EQ(RowOf(again, "x", "rps").base, 9);
  EXPECT_EQ(RowOf(again, "x", "rps").decision.effect, RowOf(first, "x", "rps").decision.effect);
  EXPECT_EQ(again.conditions.warnings,
            Words{"--metrics: no benchmark has 'foo'; counters there are: rps"});
  EXPECT_EQ(programs.Compare({"rps"}, 2, log).error().message,
            log +
                ": belongs to another comparison: it has the metrics cpu_time real_time rps foo "
                "allocs_per_op allocs_per_iter max_bytes_used total_allocated_bytes "
                "net_heap_growth INSTRUCTIONS instructions_per_op, not the metrics cpu_time "
                "real_time rps allocs_per_op allocs_per_iter max_bytes_used "
                "total_allocated_bytes net_heap_growth INSTRUCTIONS instructions_per_op");
}

// `part` taken out of the first block of a log.
void TakeOut(const FakeFolder& folder, const std::string& log, const std::string& part) {
  auto lines = folder.Lines(log);
  const std::size_t at = lines.at(1).find(part);
  ASSERT_NE(at, std::string::npos) << lines.at(1);
  lines[1].erase(at, part.size());
  folder.Write(log, lines[0] + "\n" + lines[1] + "\n");
}

TEST(ComparePrograms, WhatABlockWasWithoutIsNeitherExactNorComparable) {
  const std::string script = "bench 10 x\ncounter 9 rps\ncounter 3 allocs_per_op";
  Programs programs(script, script);
  const std::string log = programs.folder.File("log");
  ASSERT_TRUE(programs.Compare({"rps"}, 1, log).ok());
  TakeOut(programs.folder, "log", "\"allocs_per_op\":[3,3,3,3]");
  TakeOut(programs.folder, "log", ",\"rps\":[9,9,9,9]");
  const Comparison comparison = programs.Compare({"rps"}, 2, log)->comparison;
  EXPECT_EQ(VerdictOf(comparison, "x", "allocs_per_op"), "no row");
  EXPECT_EQ(RowOf(comparison, "x", "rps").decision.reason,
            "rps on the base side is not in every launch");
}

TEST(ComparePrograms, WithoutABlockThereIsNothingToWarnOf) {
  Programs programs("bench 10 x", "bench 10 x");
  const Comparison comparison = programs.Compare({"rps"}, 0)->comparison;
  EXPECT_TRUE(comparison.conditions.warnings.empty());
  EXPECT_EQ(VerdictOf(comparison, "x", "cpu_time"), "INCONCLUSIVE");
}

TEST(ComparePrograms, TheLogNamesEachClockOnce) {
  Programs programs("bench 10 x", "bench 10 x");
  ASSERT_TRUE(programs.Compare({"real_time", "cpu_time"}, 1, programs.folder.File("log")).ok());
  EXPECT_NE(programs.folder.Lines("log").at(0).find("\"medians\":[\"cpu_time\",\"real_time\"],"),
            std::string::npos);
}

TEST(ComparePrograms, HasTheNotesOfTheReports) {
  Programs programs("banner Hello\nbench 10 x", "bench 10 x");
  const auto warnings = programs.Compare({}, 1)->comparison.conditions.warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(warnings[0].ends_with("skipped text before the report")) << warnings[0];
}

TEST(ComparePrograms, ATimeOfZeroIsNotComparable) {
  Programs programs("bench 0 x", "bench 1 x");
  const auto compared = programs.Compare();
  EXPECT_EQ(compared->blocks, 1);
  EXPECT_EQ(RowOf(compared->comparison, "x").decision.reason, "cpu_time on the base side is 0");
  EXPECT_EQ(VerdictOf(compared->comparison, "x", "cpu_time"), "NOT COMPARABLE");
}

TEST(ComparePrograms, RowsOfWhatIsNotMeasured) {
  Programs programs("bench 1 x\nbench 1 old\nfailing z", "bench 1 x\nbench 1 new\nbench 1 z");
  const Comparison comparison = programs.Compare()->comparison;
  EXPECT_EQ(VerdictOf(comparison, "old", "cpu_time"), "MISSING");
  EXPECT_EQ(VerdictOf(comparison, "new", "cpu_time"), "NEW");
  EXPECT_EQ(RowOf(comparison, "z").decision.reason, "base failed: broken");
  EXPECT_EQ(RowOf(comparison, "old").decision.reason, "only on the base side");
  EXPECT_EQ(RowOf(comparison, "new").decision.reason, "only on the head side");
  EXPECT_EQ(comparison.rows.size(), 4u);
  EXPECT_EQ(comparison.counts.at(Verdict::kEquivalent), 1);
  EXPECT_EQ(comparison.matched, 1);
}

TEST(ComparePrograms, ReportOnlyDecidesNothingAndTellsTheEffect) {
  Programs programs("bench 10 x\ncounter 3 allocs_per_op", "bench 20 x\ncounter 4 allocs_per_op");
  programs.report_only = true;
  const Comparison comparison = programs.Compare({}, 1)->comparison;
  EXPECT_EQ(VerdictOf(comparison, "x", "cpu_time"), "INCONCLUSIVE");
  EXPECT_EQ(VerdictOf(comparison, "x", "allocs_per_op"), "INCONCLUSIVE");
  EXPECT_EQ(RowOf(comparison, "x").grade, Grade::kD);
  EXPECT_NEAR(RowOf(comparison, "x").decision.effect, 1, 1e-9);
}

TEST(IsProgram, IsARegularFileThatMayBeExecuted) {
  const FakeFolder folder;
  EXPECT_TRUE(IsProgram(ASSAY_FAKE_BENCHMARK));
  EXPECT_FALSE(IsProgram(folder.Write("r.json", "{}")));
  EXPECT_FALSE(IsProgram("/tmp"));
  EXPECT_FALSE(IsProgram("/no/such"));
}

}  // namespace
}  // namespace assay::regression
