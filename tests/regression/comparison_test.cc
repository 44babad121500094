#include "tools/regression/compare/comparison.h"

#include <gtest/gtest.h>

#include <regex>

#include "tests/regression/comparison_reports.h"

namespace assay::regression {
namespace {

TEST(Comparison, NamesOnOneSideOnlyAreRowsOfTheirOwn) {
  const auto comparison =
      CompareDocuments({Report({{"a", 1}, {"gone", 1}})}, {Report({{"a", 1}, {"fresh", 1}})}, {});
  EXPECT_EQ(RowOf(comparison, "gone").decision.verdict, Verdict::kMissing);
  EXPECT_EQ(RowOf(comparison, "fresh").decision.verdict, Verdict::kNew);
  EXPECT_EQ(comparison.matched, 1);
  EXPECT_EQ(comparison.rows.size(), 3u);
}

TEST(Comparison, WhatAReportThatEndsEarlyHasLostIsNotNew) {
  const Document whole = Report({{"a", 1}, {"b", 1}});
  Document cut = Report({{"a", 1}});
  cut.path = "cut.json";
  cut.truncated = true;
  const Row row = RowOf(CompareDocuments({whole, cut}, {Report({{"c", 1}})}, {}), "c");
  EXPECT_EQ(row.decision.verdict, Verdict::kNotComparable);
  EXPECT_EQ(row.decision.reason, "only on the head side, but cut.json ends early");
  EXPECT_EQ(RowOf(CompareDocuments({whole}, {cut}, {}), "b").decision.verdict, Verdict::kMissing);
}

TEST(Comparison, TheGradeIsWhatTheDataCanBear) {
  const Document repeated = Report({{"a", 100}}), single = Report({{"a", 100}}, 1);
  EXPECT_EQ(RowOf(CompareDocuments({repeated}, {repeated}, {}), "a").grade, Grade::kC);
  EXPECT_EQ(RowOf(CompareDocuments({single}, {repeated}, {}), "a").grade, Grade::kD);
  const Document twice = Report({{"a", 100}}, 2);
  EXPECT_EQ(RowOf(CompareDocuments({twice}, {twice}, {}), "a").grade, Grade::kC);
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

TEST(Comparison, OnlyAMeanOrAMedianStandsForRepetitions) {
  const auto base = [](const std::vector<std::string>& aggregates, int repetitions = 0) {
    Document document = Report({{"a", 1}}, repetitions);
    double value = 100;
    for (const std::string& name : aggregates) {
      Entry entry = Iteration("a", value++);
      entry.kind = Entry::Kind::kAggregate;
      entry.aggregate_name = name;
      document.entries.push_back(entry);
    }
    const auto comparison = CompareDocuments({document}, {document}, {});
    return comparison.rows.empty() ? 0 : comparison.rows.front().base;
  };
  EXPECT_EQ(base({"stddev", "cv"}), 0);
  EXPECT_EQ(base({"mean"}), 100);
  EXPECT_EQ(base({"mean", "median", "stddev"}), 101);
  EXPECT_EQ(base({"median", "mean"}), 100);
  EXPECT_EQ(base({"median"}, 1), 1);
}

TEST(Comparison, GradeBCountsEachReportOnce) {
  std::vector<Document> reports(4, Report({{"a", 1}}, 1));
  reports.push_back(Report({{"a", 50}}, 10));
  const Row row = RowOf(CompareDocuments(reports, reports, {}), "a");
  EXPECT_EQ(row.grade, Grade::kB);
  EXPECT_EQ(row.base, 1);
  EXPECT_EQ(row.head, 1);
}

TEST(Comparison, SummarizeBeginsAnew) {
  auto comparison = CompareDocuments({Report({{"a", 1}})}, {Report({{"a", 1}})}, {});
  comparison.rows.push_back({.benchmark = "z", .metric = "cpu_time", .base = 5, .head = 0});
  Summarize(comparison);
  EXPECT_EQ(comparison.counts.at(Verdict::kInconclusive), 2);
  EXPECT_EQ(comparison.matched, 1);
  EXPECT_EQ(comparison.geometric_mean, 0);
}

TEST(Comparison, ABenchmarkThatOnlyFailedIsARow) {
  Document failed = Report({{"a", 1}}, 1);
  failed.entries[0].status = Entry::Status::kSkipped;
  failed.entries[0].message = "no net";
  const Row row = RowOf(CompareDocuments({failed}, {failed}, {}), "a");
  EXPECT_EQ(row.decision.reason, "skipped on the base side: no net");
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
