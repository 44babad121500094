#include "tools/regression/compare/comparison.h"

#include <gtest/gtest.h>

#include <regex>

#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

Entry Iteration(const std::string& name, double ns) {
  Entry entry;
  entry.run_name = name;
  entry.real_time_ns = 10 * ns;
  entry.cpu_time_ns = ns;
  return entry;
}

// A report with `repetitions` of each name at that time.
Document Report(const std::vector<std::pair<std::string, double>>& times, int repetitions = 10) {
  Document document;
  document.path = "r.json";
  document.context = {{"host_name", "h"}, {"num_cpus", "2"}, {"library_build_type", "debug"}};
  for (const auto& [name, ns] : times) {
    for (int i = 0; i < repetitions; ++i) {
      document.entries.push_back(Iteration(name, ns * (1 + 0.001 * i)));
    }
  }
  return document;
}

const Row& RowOf(const Comparison& comparison, const std::string& name) {
  for (const Row& row : comparison.rows) {
    if (row.benchmark == name) return row;
  }
  throw std::runtime_error("no row " + name);
}

TEST(Metric, TheNameTellsTheClock) {
  EXPECT_EQ(ClockOf("BM_x/8"), "cpu_time");
  EXPECT_EQ(ClockOf("BM_x/8/real_time"), "real_time");
  EXPECT_EQ(ClockOf("BM_x/manual_time/threads:2"), "real_time");
}

TEST(Metric, TheSuffixTellsTheDirection) {
  EXPECT_EQ(DirectionOf("items_per_second"), Direction::kHigherIsBetter);
  EXPECT_EQ(DirectionOf("rps"), Direction::kHigherIsBetter);
  EXPECT_EQ(DirectionOf("p99_us"), Direction::kLowerIsBetter);
  EXPECT_EQ(DirectionOf("allocs_per_iter"), Direction::kLowerIsBetter);
  EXPECT_EQ(DirectionOf("L1D-MISSES"), Direction::kLowerIsBetter);
  EXPECT_EQ(DirectionOf("colour"), Direction::kUnknown);
}

TEST(Comparison, NamesOnOneSideOnlyAreRowsOfTheirOwn) {
  const auto comparison =
      CompareDocuments({Report({{"a", 1}, {"gone", 1}})}, {Report({{"a", 1}, {"fresh", 1}})}, {});
  EXPECT_EQ(RowOf(comparison, "gone").decision.verdict, Verdict::kMissing);
  EXPECT_EQ(RowOf(comparison, "fresh").decision.verdict, Verdict::kNew);
  EXPECT_EQ(comparison.matched, 1);
  EXPECT_EQ(comparison.rows.size(), 3u);
}

TEST(Comparison, TheGradeIsWhatTheDataCanBear) {
  const Document repeated = Report({{"a", 100}}), single = Report({{"a", 100}}, 1);
  EXPECT_EQ(RowOf(CompareDocuments({repeated}, {repeated}, {}), "a").grade, Grade::kC);
  EXPECT_EQ(RowOf(CompareDocuments({single}, {repeated}, {}), "a").grade, Grade::kD);
  const std::vector<Document> five(5, single), four(4, single);
  EXPECT_EQ(RowOf(CompareDocuments(five, five, {}), "a").grade, Grade::kB);
  EXPECT_EQ(RowOf(CompareDocuments(four, five, {}), "a").grade, Grade::kC);
}

TEST(Comparison, OneReportOnEachSideNeverProvesEquality) {
  const Document same = Report({{"a", 100}});
  const Row row = RowOf(CompareDocuments({same}, {same}, {}), "a");
  EXPECT_EQ(row.decision.verdict, Verdict::kInconclusive);
  EXPECT_NE(row.decision.reason, "");
}

TEST(Comparison, TwiceAsSlowIsRegressedEvenWithOneReportOnEachSide) {
  const auto comparison = CompareDocuments({Report({{"a", 100}})}, {Report({{"a", 200}})}, {});
  EXPECT_EQ(RowOf(comparison, "a").decision.verdict, Verdict::kRegressed);
  EXPECT_NEAR(comparison.geometric_mean, 1.0, 1e-9);
  EXPECT_EQ(comparison.counts.at(Verdict::kRegressed), 1);
}

TEST(Comparison, TheGeometricMeanIsOverWhatBothSidesHave) {
  const auto comparison = CompareDocuments({Report({{"a", 100}, {"b", 100}, {"gone", 1e9}})},
                                           {Report({{"a", 200}, {"b", 50}, {"fresh", 1e9}})}, {});
  EXPECT_NEAR(comparison.geometric_mean, 0, 1e-9);
  EXPECT_EQ(comparison.matched, 2);
}

TEST(Comparison, AggregatesAloneAreReportedAndNotDecided) {
  Document document = Report({});
  Entry median = Iteration("a", 100);
  median.kind = Entry::Kind::kAggregate;
  median.aggregate_name = "median";
  document.entries = {median};
  const Row row = RowOf(CompareDocuments({document}, {document}, {}), "a");
  EXPECT_EQ(row.grade, Grade::kD);
  EXPECT_EQ(row.base, 100);
  EXPECT_EQ(row.decision.verdict, Verdict::kInconclusive);
}

TEST(Comparison, ASkippedOrFailedBenchmarkIsNotComparableAndSaysWhy) {
  Document head = Report({{"a", 1}});
  head.entries.front().status = Entry::Status::kErrored;
  head.entries.front().message = "no fixture";
  const Row row = RowOf(CompareDocuments({Report({{"a", 1}})}, {head}, {}), "a");
  EXPECT_EQ(row.decision.verdict, Verdict::kNotComparable);
  EXPECT_EQ(row.decision.reason, "failed on the head side: no fixture");
}

TEST(Comparison, AnotherMachineIsRefusedUnlessAskedFor) {
  Document other = Report({{"a", 1}});
  other.context["host_name"] = "other";
  const auto refused = CompareDocuments({Report({{"a", 1}})}, {other}, {});
  EXPECT_EQ(RowOf(refused, "a").decision.verdict, Verdict::kNotComparable);
  EXPECT_EQ(RowOf(refused, "a").decision.reason, "host_name differs: h (base), other (head)");
  const auto forced = CompareDocuments({Report({{"a", 1}})}, {other}, {.any_conditions = true});
  EXPECT_NE(RowOf(forced, "a").decision.verdict, Verdict::kNotComparable);
}

TEST(Comparison, TwoDebugLibrariesAreComparable) {
  const Document debug = Report({{"a", 1}});
  EXPECT_TRUE(CompareDocuments({debug}, {debug}, {}).conditions.refusals.empty());
  Document release = debug;
  release.context["library_build_type"] = "release";
  EXPECT_FALSE(CompareDocuments({debug}, {release}, {}).conditions.refusals.empty());
}

TEST(Comparison, ThreadTimesOfBeforeAndAfter19AreNotCompared) {
  Document old = Report({{"a", 1}, {"b/threads:2", 1}}), recent = old;
  for (Document* document : {&old, &recent}) {
    for (Entry& entry : document->entries) {
      if (entry.run_name != "a") entry.threads = 2;
    }
  }
  recent.context["library_version"] = "v1.9.4";
  const auto comparison = CompareDocuments({old}, {recent}, {});
  EXPECT_EQ(RowOf(comparison, "b/threads:2").decision.verdict, Verdict::kNotComparable);
  EXPECT_NE(RowOf(comparison, "a").decision.verdict, Verdict::kNotComparable);
}

TEST(Comparison, ExactCountersAreComparedExactly) {
  Document base = Report({{"a", 100}}, 3), head = base;
  for (Entry& entry : base.entries) entry.counters = {{"allocs_per_iter", 3}};
  for (Entry& entry : head.entries) entry.counters = {{"allocs_per_iter", 4}};
  const auto verdict = [](const std::vector<Document>& left, const std::vector<Document>& right) {
    for (const Row& row : CompareDocuments(left, right, {}).rows) {
      if (row.metric == "allocs_per_iter") return std::string(ToString(row.decision.verdict));
    }
    return std::string("no row");
  };
  EXPECT_EQ(verdict({base}, {head}), "REGRESSED");
  EXPECT_EQ(verdict({head}, {base}), "IMPROVED");
  EXPECT_EQ(verdict({base}, {base}), "EQUIVALENT");
  for (Entry& entry : head.entries) entry.counters = {{"allocs_per_iter", 3.0001}};
  EXPECT_EQ(verdict({base}, {head}), "EQUIVALENT");  // once in many iterations
  for (Entry& entry : head.entries) entry.counters = {{"allocs_per_iter", 3.5}};
  EXPECT_EQ(verdict({base}, {head}), "no row");  // no count of each iteration
  head.entries[1].counters = {{"allocs_per_iter", 5}};
  EXPECT_EQ(verdict({base}, {head}), "no row");  // not constant
}

TEST(Comparison, ReportOnlyDecidesNothing) {
  const auto comparison =
      CompareDocuments({Report({{"a", 100}})}, {Report({{"a", 900}})}, {.report_only = true});
  EXPECT_EQ(RowOf(comparison, "a").decision.verdict, Verdict::kInconclusive);
  EXPECT_NEAR(RowOf(comparison, "a").decision.effect, 8, 0.1);
}

TEST(Comparison, TheFirstToleranceThatMatchesWins) {
  const CompareOptions options{.tolerance = 0.03, .tolerances = {{"^slow", 0.2}, {"w", 0.1}}};
  EXPECT_EQ(ToleranceFor("slow", options), 0.2);
  EXPECT_EQ(ToleranceFor("two", options), 0.1);
  EXPECT_EQ(ToleranceFor("a", options), 0.03);
}

TEST(Comparison, AFilterLimitsBothSides) {
  const auto comparison = CompareDocuments({Report({{"a", 1}, {"b", 1}})},
                                           {Report({{"a", 1}, {"c", 1}})}, {.filter = "^a"});
  EXPECT_EQ(comparison.rows.size(), 1u);
  EXPECT_THROW(CompareDocuments({}, {}, {.filter = "("}), std::regex_error);
}

}  // namespace
}  // namespace assay::regression
