// What each version of Google Benchmark writes is read as it means it.
#include "tools/regression/read/reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reader_text.h"

namespace assay::regression {
namespace {

Document Corpus(const std::string& name) {
  Result<std::vector<Document>> documents = ReadReports(ASSAY_CORPUS_DIR "/" + name);
  if (!documents.ok() || documents->size() != 1) {
    ADD_FAILURE() << name;
    return {};
  }
  return std::move(documents->front());
}

TEST(ReaderVersions, A150ReportHasRepetitionsAMeanAndAnError) {
  const Document report = Corpus("v1_5_0.json");
  ASSERT_EQ(report.entries.size(), 4U);
  EXPECT_EQ(report.entries[1].run_name, "BM_Copy/8");
  EXPECT_EQ(report.entries[1].repetition_index, 1);
  EXPECT_EQ(report.entries[1].iterations, 1000);
  EXPECT_EQ(report.entries[1].real_time_ns, 17);
  EXPECT_EQ(report.entries[1].cpu_time_ns, 16);
  EXPECT_EQ(Counter(report.entries[1], "bytes_per_second"), 4.5e8);
  EXPECT_EQ(report.entries[2].kind, Entry::Kind::kAggregate);
  EXPECT_EQ(report.entries[2].aggregate_name, "mean");
  EXPECT_EQ(report.entries[2].run_name, "BM_Copy/8");
  EXPECT_EQ(report.entries[2].iterations, 2);
  EXPECT_EQ(report.entries[3].status, Entry::Status::kErrored);
  EXPECT_EQ(report.entries[3].message, "no \"data\"");
  EXPECT_EQ(report.Fact("date"), "2020-01-10 12:00:01");
  EXPECT_EQ(report.Fact("load_avg"), "[0.5,0.25,0.125]");
  EXPECT_EQ(report.Fact("library_version"), std::nullopt);
  EXPECT_TRUE(report.notes.empty());
}

TEST(ReaderVersions, A161ReportHasBigORmsAndMemory) {
  const Document report = Corpus("v1_6_1.json");
  ASSERT_EQ(report.entries.size(), 3U);
  const Entry& big_o = report.entries[0];
  EXPECT_EQ(big_o.kind, Entry::Kind::kBigO);
  EXPECT_EQ(big_o.big_o, "NlgN");
  EXPECT_EQ(big_o.run_name, "BM_Sort");
  EXPECT_EQ(big_o.aggregate_name, "BigO");
  EXPECT_EQ(big_o.real_time_ns, 3500);
  EXPECT_EQ(big_o.cpu_time_ns, 2500);
  EXPECT_EQ(report.entries[1].kind, Entry::Kind::kRms);
  EXPECT_EQ(report.entries[1].real_time_ns, 0.0625);
  EXPECT_TRUE(report.entries[1].counters.empty());
  EXPECT_EQ(report.entries[2].real_time_ns, 2000);
  EXPECT_EQ(Counter(report.entries[2], "allocs_per_iter"), 3);
  EXPECT_EQ(Counter(report.entries[2], "max_bytes_used"), 4096);
  EXPECT_EQ(Counter(report.entries[2], "total_allocated_bytes"), 8192);
  EXPECT_EQ(Counter(report.entries[2], "net_heap_growth"), 0);
  EXPECT_EQ(report.Fact("cpu_scaling_enabled"), "true");
  EXPECT_TRUE(report.notes.empty());
}

TEST(ReaderVersions, A171ReportHasThreadsGroupedDigitsNanAndAnUnscaledCv) {
  const Document report = Corpus("v1_7_1.json");
  ASSERT_EQ(report.entries.size(), 3U);
  EXPECT_EQ(report.entries[0].repetition_index, 1);
  EXPECT_EQ(report.entries[1].repetition_index, 0);
  EXPECT_EQ(report.entries[0].threads, 4);
  EXPECT_EQ(report.entries[0].iterations, 1234568);
  EXPECT_EQ(report.entries[0].real_time_ns, 57.883808739141607);
  EXPECT_EQ(report.entries[0].label, "fair");
  ASSERT_EQ(report.entries[0].counters.size(), 2U);
  EXPECT_TRUE(std::isnan(report.entries[0].counters[0].second));
  EXPECT_EQ(report.entries[0].counters[1].second, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(report.entries[2].aggregate_name, "cv");
  EXPECT_EQ(report.entries[2].real_time_ns, 0.125);
  EXPECT_EQ(report.entries[2].cpu_time_ns, 0.25);
  EXPECT_EQ(report.Fact("library_build_type"), "debug");
  EXPECT_EQ(report.Fact("commit"), "bae1692");
  EXPECT_TRUE(Notes(report, "37:21: read a number in a locale's notation (2 times)"));
  EXPECT_TRUE(Notes(report, "41:15: kept a NaN or an infinity (2 times)"));
}

TEST(ReaderVersions, A184ReportHasSkipsSecondsAndItsVersion) {
  const Document report = Corpus("v1_8_4.json");
  ASSERT_EQ(report.entries.size(), 2U);
  EXPECT_EQ(report.entries[0].status, Entry::Status::kSkipped);
  EXPECT_EQ(report.entries[0].message, "no device");
  EXPECT_EQ(report.entries[1].status, Entry::Status::kOk);
  EXPECT_EQ(report.entries[1].run_name, "BM_Slow/min_time:2.000");
  EXPECT_EQ(report.entries[1].real_time_ns, 1.25e9);
  EXPECT_EQ(report.Fact("library_version"), "v1.8.4");
  EXPECT_EQ(report.Fact("json_schema_version"), "1");
}

TEST(ReaderVersions, A195ReportHasAslrAndMilliseconds) {
  const Document report = Corpus("v1_9_5.json");
  ASSERT_EQ(report.entries.size(), 3U);
  EXPECT_EQ(report.entries[1].real_time_ns, 3.5e6);
  EXPECT_EQ(report.entries[2].aggregate_name, "stddev");
  EXPECT_EQ(report.entries[2].real_time_ns, 0.175 * 1e6);
  EXPECT_EQ(report.Fact("aslr_enabled"), "true");
  EXPECT_EQ(report.Fact("team"), "core");
  EXPECT_FALSE(report.truncated);
  EXPECT_TRUE(report.notes.empty());
}

TEST(ReaderVersions, BeforeRunTypeTheNameTellsTheAggregate) {
  const Document report = ParseOne(ReportOf(
      R"({"name": "BM_x", "iterations": 5, "real_time": 1, "cpu_time": 1, "time_unit": "us"},
         {"name": "BM_x", "iterations": 5, "real_time": 2, "cpu_time": 2, "time_unit": "us"},
         {"name": "BM_x_median", "iterations": 2, "real_time": 3, "cpu_time": 3},
         {"name": "BM_x_BigO", "cpu_coefficient": 4, "real_coefficient": 5, "big_o": "N"},
         {"name": "BM_x_RMS", "rms": 6})"));
  ASSERT_EQ(report.entries.size(), 5U);
  for (const Entry& entry : report.entries) EXPECT_EQ(entry.run_name, "BM_x");
  EXPECT_EQ(report.entries[0].repetition_index, 0);
  EXPECT_EQ(report.entries[1].repetition_index, 1);
  EXPECT_EQ(report.entries[2].kind, Entry::Kind::kAggregate);
  EXPECT_EQ(report.entries[2].aggregate_name, "median");
  EXPECT_EQ(report.entries[2].real_time_ns, 3);
  EXPECT_EQ(report.entries[3].kind, Entry::Kind::kBigO);
  EXPECT_EQ(report.entries[3].real_time_ns, 5);
  EXPECT_EQ(report.entries[4].kind, Entry::Kind::kRms);
  EXPECT_TRUE(Notes(report, "no run_type"));
}

TEST(ReaderVersions, WithRunTypeANameLikeAnAggregatesIsJustAName) {
  const Entry entry = ParseEntry(EntryOf("BM_mean"));
  EXPECT_EQ(entry.kind, Entry::Kind::kIteration);
  EXPECT_EQ(entry.run_name, "BM_mean");
  EXPECT_EQ(entry.aggregate_name, "");
}

TEST(ReaderVersions, AStatisticOfTheUsersOwnIsTakenOffTheName) {
  const Entry entry = ParseEntry(
      R"({"name": "BM_x_p99", "run_type": "aggregate", "aggregate_name": "p99", "real_time": 1})");
  EXPECT_EQ(entry.run_name, "BM_x");
  EXPECT_EQ(entry.aggregate_name, "p99");
}

TEST(ReaderVersions, ThreadsAreInTheRunNameWhenNowhereElse) {
  EXPECT_EQ(ParseEntry(R"({"name": "BM_x/8/threads:16", "real_time": 1})").threads, 16);
  EXPECT_EQ(ParseEntry(R"({"name": "BM_x/threads:", "real_time": 1})").threads, 1);
  EXPECT_EQ(ParseEntry(R"({"name": "BM_x/threads:4", "threads": 2, "real_time": 1})").threads, 2);
}

TEST(ReaderVersions, ACvBefore160IsARatio) {
  EXPECT_EQ(ParseEntry(R"({"name": "BM_x_cv", "run_type": "aggregate", "aggregate_name": "cv",
                           "real_time": 0.5, "cpu_time": 0.5, "time_unit": "ms"})")
                .real_time_ns,
            0.5);
}

TEST(ReaderVersions, EveryTimeUnitBecomesNanoseconds) {
  const auto time_in = [](const std::string& unit) {
    return ParseEntry(R"({"name": "x", "real_time": 2, "cpu_time": 3, "time_unit": ")" + unit +
                      "\"}")
        .real_time_ns;
  };
  EXPECT_EQ(time_in("ns"), 2);
  EXPECT_EQ(time_in("us"), 2e3);
  EXPECT_EQ(time_in("ms"), 2e6);
  EXPECT_EQ(time_in("s"), 2e9);
}

}  // namespace
}  // namespace assay::regression
