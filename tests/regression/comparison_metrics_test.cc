#include <gtest/gtest.h>

#include <cmath>

#include "tests/regression/comparison_reports.h"
#include "tools/regression/compare/exact.h"
#include "tools/regression/compare/gated_metric.h"
#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

using Words = std::vector<std::string>;
using Values = std::vector<double>;

TEST(Metric, APartOfTheNameTellsTheClock) {
  EXPECT_EQ(ClockOf("BM_x/8"), "cpu_time");
  EXPECT_EQ(ClockOf("BM_x/8/real_time"), "real_time");
  EXPECT_EQ(ClockOf("BM_x/manual_time/threads:2"), "real_time");
  EXPECT_EQ(ClockOf("BM_x/process_time/real_time"), "real_time");
  EXPECT_EQ(ClockOf("BM_x/process_time"), "cpu_time");
  EXPECT_EQ(ClockOf("BM_x/real_times"), "cpu_time");
  EXPECT_EQ(ClockOf("BM_x/real_times/real_time"), "real_time");
  EXPECT_EQ(ClockOf("real_time"), "cpu_time");
}

TEST(Metric, TheSuffixTellsTheDirection) {
  for (const char* rate : {"items_per_second", "rps", "hit_ratio"}) {
    EXPECT_EQ(DirectionOf(rate), Direction::kHigherIsBetter) << rate;
  }
  for (const char* cost :
       {"real_time", "cpu_time", "p99_ns", "p99_us", "p99_ms", "wait_s", "cpu_us_per_req", "errors",
        "allocs_per_op", "allocs_per_iter", "max_bytes_used", "total_allocated_bytes",
        "net_heap_growth", "L1D-MISSES", "INSTRUCTIONS", "instructions_per_op", "CYCLES"}) {
    EXPECT_EQ(DirectionOf(cost), Direction::kLowerIsBetter) << cost;
  }
  EXPECT_EQ(DirectionOf("colour"), Direction::kUnknown);
  EXPECT_EQ(DirectionOf("CYCLES2"), Direction::kUnknown);
}

TEST(Metric, KnowsWhichCountersAreExact) {
  for (const char* exact :
       {"allocs_per_op", "allocs_per_iter", "max_bytes_used", "total_allocated_bytes",
        "net_heap_growth", "INSTRUCTIONS", "instructions_per_op"}) {
    EXPECT_TRUE(IsExact(exact)) << exact;
  }
  EXPECT_EQ(ExactCounters().size(), 7u);
  EXPECT_FALSE(IsExact("rps"));
}

std::string Parsed(const Words& words) {
  const auto metrics = ParseMetrics(words);
  if (!metrics.ok()) return metrics.error().message;
  std::string text;
  for (const GatedMetric& metric : *metrics) {
    text += metric.name + (metric.higher_is_better ? "+ " : "- ");
  }
  return text;
}

TEST(ParseMetrics, TakesTheDirectionFromTheNameOrTheUser) {
  EXPECT_EQ(Parsed({"rps", "p99_us", "real_time"}), "rps+ p99_us- real_time- ");
  EXPECT_EQ(Parsed({"colour:lower", "a:b:higher"}), "colour- a:b+ ");
  EXPECT_EQ(Parsed({"rps:lower"}), "rps- ");
  EXPECT_EQ(Parsed({"rps", "rps:higher", "rps"}), "rps+ ");
  EXPECT_EQ(Parsed({}), "");
}

TEST(ParseMetrics, SaysWhatIsWrongAndWhatIsAccepted) {
  const std::string accepted =
      "; accepted: NAME, NAME:lower or NAME:higher (which way is better), separated by commas";
  EXPECT_EQ(
      Parsed({"colour"}),
      "--metrics: the name 'colour' does not say whether lower or higher is better" + accepted);
  EXPECT_EQ(Parsed({""}), "--metrics: a name is empty" + accepted);
  EXPECT_EQ(Parsed({":lower"}), "--metrics: a name is empty" + accepted);
  EXPECT_EQ(Parsed({"rps", "rps:lower"}), "--metrics: 'rps' is given both ways" + accepted);
}

// A report whose repetitions all have the counter at about that value.
Document Counting(const std::string& name, const std::string& counter, double value) {
  Document document = Report({{name, 100}});
  for (std::size_t i = 0; i < document.entries.size(); ++i) {
    document.entries[i].counters = {{counter, value * (1 + 0.001 * static_cast<double>(i))}};
  }
  return document;
}

CompareOptions Gating(const Words& words) { return {.metrics = ParseMetrics(words).value()}; }

TEST(ComparisonMetrics, AreRowsOfTheirOwnInEveryGrade) {
  const Document slow = Counting("a", "rps", 1000), fast = Counting("a", "rps", 4000);
  for (const int files : {1, 5}) {
    const std::vector<Document> base(static_cast<std::size_t>(files), fast);
    const std::vector<Document> head(static_cast<std::size_t>(files), slow);
    const auto comparison = CompareDocuments(base, head, Gating({"rps"}));
    ASSERT_EQ(comparison.rows.size(), 2u);
    EXPECT_EQ(comparison.rows[0].metric, "cpu_time");
    const Row& rps = comparison.rows[1];
    EXPECT_EQ(rps.metric, "rps");
    EXPECT_EQ(rps.grade, files == 5 ? Grade::kB : Grade::kC);
    EXPECT_EQ(rps.decision.verdict, Verdict::kRegressed);
    EXPECT_NEAR(rps.decision.effect, -0.75, 1e-9);
    EXPECT_NEAR(rps.base, 4018, 1);
  }
  EXPECT_EQ(CompareDocuments({slow}, {fast}, {}).rows.size(), 1u);
}

TEST(ComparisonMetrics, HaveTheToleranceOfTheirBenchmark) {
  const Document report = Counting("a", "rps", 1000);
  CompareOptions options = Gating({"rps"});
  options.tolerances = {{"^a", 0.25}};
  EXPECT_EQ(RowOf(CompareDocuments({report}, {report}, options), "a", "rps").tolerance, 0.25);
}

TEST(ComparisonMetrics, TheOtherClockIsARowAndTheOwnOneIsNotThereTwice) {
  const Document document = Report({{"a", 1}, {"b/real_time", 1}});
  const auto comparison = CompareDocuments({document}, {document}, Gating({"real_time"}));
  ASSERT_EQ(comparison.rows.size(), 3u);
  EXPECT_NEAR(RowOf(comparison, "a", "real_time").base, 10, 0.1);
  EXPECT_EQ(VerdictOf(comparison, "b/real_time", "cpu_time"), "no row");
  EXPECT_EQ(comparison.matched, 2);  // the geometric mean has each benchmark once
  EXPECT_TRUE(comparison.conditions.warnings.empty());
}

TEST(ComparisonMetrics, WhatOneSideLacksIsMissingOrNewAndTheTimeIsCompared) {
  const Document with = Counting("a", "rps", 1000), without = Report({{"a", 100}});
  const auto missing = CompareDocuments({with}, {without}, Gating({"rps"}));
  EXPECT_EQ(VerdictOf(missing, "a", "rps"), "MISSING");
  EXPECT_EQ(VerdictOf(missing, "a", "cpu_time"), "INCONCLUSIVE");
  EXPECT_TRUE(missing.conditions.warnings.empty());
  EXPECT_EQ(VerdictOf(CompareDocuments({without}, {with}, Gating({"rps"})), "a", "rps"), "NEW");
}

TEST(ComparisonMetrics, AMisspeltOneIsAWarningWithTheNamesThereAre) {
  Document document = Counting("a", "rps", 1000);
  document.entries.front().counters.emplace_back("errors", 0);
  EXPECT_EQ(
      CompareDocuments({document}, {document}, Gating({"prs:higher", "rps"})).conditions.warnings,
      Words{"--metrics: no benchmark has 'prs'; counters there are: errors, rps"});
  EXPECT_EQ(CompareDocuments({Report({{"a", 1}})}, {Report({{"a", 1}})}, Gating({"rps"}))
                .conditions.warnings,
            Words{"--metrics: no benchmark has 'rps'; counters there are: none"});
}

TEST(ComparisonMetrics, WhatMayNotBeComparedSaysSoForEachMetric) {
  Document head = Counting("a", "rps", 1000);
  head.context["host_name"] = "other";
  const auto comparison = CompareDocuments({Counting("a", "rps", 1)}, {head}, Gating({"rps"}));
  EXPECT_EQ(VerdictOf(comparison, "a", "cpu_time"), "NOT COMPARABLE");
  EXPECT_EQ(VerdictOf(comparison, "a", "rps"), "NOT COMPARABLE");
  Document counted = Counting("a", "allocs_per_op", 0);
  const Document there = counted;
  counted.context["host_name"] = "other";
  EXPECT_EQ(CompareDocuments({there}, {counted}, {}).rows.size(), 1u);
  EXPECT_EQ(RowOf(comparison, "a", "rps").decision.reason,
            "host_name differs: h (base), other (head)");
}

// A report in which every repetition has exactly these allocations.
Document Allocating(const Values& values) {
  Document document = Report({{"a", 100}}, static_cast<int>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    document.entries[i].counters = {{"allocs_per_iter", values[i]}};
  }
  return document;
}

std::string Exact(const Values& base, const Values& head, const CompareOptions& options = {}) {
  return VerdictOf(CompareDocuments({Allocating(base)}, {Allocating(head)}, options), "a",
                   "allocs_per_iter");
}

TEST(ComparisonMetrics, ExactCountersAreComparedExactly) {
  EXPECT_EQ(Exact({3, 3, 3}, {4, 4, 4}), "REGRESSED");
  EXPECT_EQ(Exact({4, 4, 4}, {3, 3, 3}), "IMPROVED");
  EXPECT_EQ(Exact({3, 3, 3}, {3, 3, 3}), "EQUIVALENT");
  EXPECT_EQ(Exact({3, 3, 3}, {3, 3.0001, 3}), "EQUIVALENT");  // once in many iterations
  EXPECT_EQ(Exact({3, 3, 3}, {3.5, 3.5, 3.5}), "no row");     // no count of each iteration
  EXPECT_EQ(Exact({3, 3, 3}, {3, 4, 3}), "no row");
  EXPECT_EQ(Exact({3, 4, 3}, {3, 3, 3}), "no row");
}

TEST(ComparisonMetrics, AnExactCounterThatIsNamedIsOneRow) {
  const CompareOptions named = Gating({"allocs_per_iter"});
  EXPECT_EQ(Exact({3, 3, 3}, {4, 4, 4}, named), "REGRESSED");
  EXPECT_EQ(Exact({3, 4, 3}, {3, 3, 3}, named), "INCONCLUSIVE");  // as any other counter
  const auto comparison = CompareDocuments({Allocating({3, 3})}, {Allocating({3, 3})}, named);
  EXPECT_EQ(comparison.rows.size(), 2u);
}

TEST(ComparisonMetrics, AggregatesDoNotProveACountExact) {
  Document document = Allocating({3});
  document.entries[0].kind = Entry::Kind::kAggregate;
  document.entries[0].aggregate_name = "median";
  EXPECT_EQ(VerdictOf(CompareDocuments({document}, {document}, {}), "a", "allocs_per_iter"),
            "no row");
}

std::optional<Row> ExactOf(const Values& base, const Values& head,
                           const CompareOptions& options = {}) {
  return ExactRow("a", "net_heap_growth", base, head, "launch", options);
}

TEST(ExactRow, SaysWhatDecidedIt) {
  const Row row = *ExactOf({4, 4}, {5.001});
  EXPECT_EQ(row.benchmark, "a");
  EXPECT_EQ(row.metric, "net_heap_growth");
  EXPECT_EQ(row.grade, Grade::kA);
  EXPECT_EQ(row.base, 4);
  EXPECT_EQ(row.head, 5);
  EXPECT_EQ(row.decision.effect, 0.25);
  EXPECT_EQ(row.decision.low, 0.25);
  EXPECT_EQ(row.decision.high, 0.25);
  EXPECT_EQ(row.decision.reason, "exact: the same in every launch");
  EXPECT_FALSE(ExactRow("a", "rps", Values{1}, Values{1}, "launch", {}).has_value());
}

TEST(ExactRow, HasAnEffectOfTheSignOfTheChange) {
  EXPECT_EQ(ExactOf({0}, {0})->decision.effect, 0);
  EXPECT_GT(ExactOf({0}, {3})->decision.effect, 1e300);
  EXPECT_TRUE(std::isfinite(ExactOf({0}, {3})->decision.effect));
  EXPECT_EQ(ExactOf({0}, {-3})->decision.effect, -1);
  EXPECT_EQ(ExactOf({-2}, {-1})->decision.effect, 0.5);
  EXPECT_EQ(ExactOf({-2}, {-1})->decision.verdict, Verdict::kRegressed);
  EXPECT_EQ(ExactOf({-2}, {-2})->decision.effect, 0);
}

TEST(ExactRow, DecidesNothingWhenThatIsAskedFor) {
  const Row row = *ExactOf({1}, {2}, {.report_only = true});
  EXPECT_EQ(row.decision.verdict, Verdict::kInconclusive);
  EXPECT_EQ(row.grade, Grade::kD);
  EXPECT_EQ(row.decision.effect, 1);
  EXPECT_EQ(row.decision.reason, "report only");
}

}  // namespace
}  // namespace assay::regression
