// Reports that begin late, end early, stand in other text, or are none.
#include <gtest/gtest.h>

#include <ctime>

#include "reader_text.h"
#include "tools/regression/read/places.h"

namespace assay::regression {
namespace {

TEST(ReaderText, BeforeTheReportIsSkippedWithANote) {
  const Document report = ParseOne("Starting {fast} mode\n" + ReportOf(EntryOf("x")));
  EXPECT_EQ(report.entries.size(), 1U);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0], "1:1: skipped text before the report");
}

TEST(ReaderText, AByteOrderMarkIsNoText) {
  EXPECT_TRUE(ParseOne("\xEF\xBB\xBF" + ReportOf(EntryOf("x"))).notes.empty());
}

TEST(ReaderText, BehindTheReportIsIgnoredWithANote) {
  for (const std::string tail : {"done", "{\"a\": 1}", "}", "{", "[1]"}) {
    const Document report = ParseOne(ReportOf(EntryOf("x")) + "\n" + tail + "\n");
    EXPECT_EQ(report.entries.size(), 1U) << tail;
    EXPECT_FALSE(report.truncated) << tail;
    ASSERT_EQ(report.notes.size(), 1U) << tail;
    EXPECT_EQ(report.notes[0], "2:1: ignored text after the report") << tail;
  }
}

TEST(ReaderText, PrintedBetweenEntriesIsSkippedWithANote) {
  const Document report =
      ParseOne("{\"context\": {}, \"benchmarks\": [\nhello [info] {1}\n" + EntryOf("a") +
               "progress: 50%\n,\n" + EntryOf("b") + "bye ]\n]}");
  ASSERT_EQ(report.entries.size(), 2U);
  EXPECT_EQ(report.entries[1].run_name, "b");
  EXPECT_FALSE(report.truncated);
  EXPECT_TRUE(Notes(report, "2:1: skipped text between entries (3 times)"));
}

TEST(ReaderDocuments, SeveralInOneFileStayApart) {
  const std::vector<Document> reports =
      ParseAll(ReportOf(EntryOf("a")) + "\nnext run\n" + ReportOf(EntryOf("b")));
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].entries.at(0).run_name, "a");
  EXPECT_EQ(reports[1].entries.at(0).run_name, "b");
  EXPECT_EQ(reports[0].notes.at(0), "report 1 of 2 in this file");
  EXPECT_EQ(reports[1].notes.at(0), "report 2 of 2 in this file");
  EXPECT_EQ(reports[1].path, "r.json");
}

// A run that crashed and another one appended to the same file.
TEST(ReaderDocuments, ATornOneDoesNotTakeTheNextOneWithIt) {
  const std::string first = "{\"context\": {}, \"benchmarks\": [\n" + EntryOf("a") + ",\n";
  const std::string torn = EntryOf("b", ", \"label\": \"end\"");
  for (std::size_t cut = 0; cut < torn.size(); ++cut) {
    const std::vector<Document> reports =
        ParseAll(first + torn.substr(0, cut) + "\n" + ReportOf(EntryOf("c")));
    ASSERT_EQ(reports.size(), 2U) << torn.substr(0, cut);
    EXPECT_TRUE(reports[0].truncated);
    EXPECT_EQ(reports[0].entries.size(), 1U);
    EXPECT_FALSE(reports[1].truncated);
    EXPECT_EQ(reports[1].entries.at(0).run_name, "c");
  }
}

TEST(ReaderDocuments, OneTornInItsContextIsTextBeforeTheNext) {
  for (const std::string torn : {"{\"context\":", "{\"context\": {\"a\":", "{\"context\": {\"a"}) {
    const Document report = ParseOne(torn + "\n" + ReportOf(EntryOf("c")));
    EXPECT_EQ(report.entries.size(), 1U) << torn;
    EXPECT_TRUE(Notes(report, "1:1: skipped text before the report")) << torn;
  }
}

TEST(ReaderDocuments, AnUnknownUnitInAnyRefusesTheFile) {
  EXPECT_TRUE(Contains(ErrorOf(ReportOf(EntryOf("a")) + "\n" +
                               ReportOf(R"({"name": "b", "real_time": 1, "time_unit": "h"})")),
                       "r.json:2:"));
  EXPECT_TRUE(Contains(
      ErrorOf("{\"log\": 1}\n" + ReportOf(R"({"name": "b", "real_time": 1, "time_unit": "h"})")),
      "r.json:2:88: time_unit is 'h'"));
}

TEST(ReaderTruncation, AtEveryByteLeavesAPrefixOfTheEntriesOrAnError) {
  const std::string context = "{\"context\": {\"a\": [1, {}], \"b\": true}, \"benchmarks\": [\n";
  const std::string whole = context + EntryOf("a", ", \"c\": NaN") + ",\n" +
                            EntryOf("b", ", \"label\": \"\\u00e9\"") + ",\n" + EntryOf("c") +
                            "\n]}\n";
  const std::size_t context_end = context.find("}, \"bench") + 1;
  std::size_t before = 0;
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    const Result<std::vector<Document>> reports =
        ParseReports("r.json", std::string_view(whole).substr(0, size));
    ASSERT_EQ(reports.ok(), size >= context_end) << size;
    if (!reports.ok()) continue;
    const Document& report = reports.value().at(0);
    EXPECT_EQ(report.truncated, size < whole.size() - 1) << size;
    ASSERT_GE(report.entries.size(), before);
    before = report.entries.size();
    for (std::size_t i = 0; i < before; ++i) {
      EXPECT_EQ(report.entries[i].run_name, std::string(1, "abc"[i]));
    }
  }
  EXPECT_EQ(before, 3U);
  EXPECT_FALSE(ParseOne(whole).truncated);
}

TEST(ReaderTruncation, TheNoteSaysWhereAndWhatWasKept) {
  const Document report = ParseOne("{\"benchmarks\": [\n" + EntryOf("a") + ",\n{\"name\": \"b");
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0],
            "3:12: the report ends early after 1 complete entries: expected '\"' at the end of a "
            "string, found the end");
}

TEST(ReaderTruncation, DamageInTheMiddleEndsTheReportThere) {
  const Document report = ParseOne(ReportOf(EntryOf("a") + ",\n{\"name\": ?},\n" + EntryOf("c")));
  EXPECT_TRUE(report.truncated);
  EXPECT_EQ(report.entries.size(), 1U);
  EXPECT_TRUE(Notes(report, "2:10: "));
  EXPECT_TRUE(Notes(report, "found '?'"));
}

TEST(ReaderRefusals, NameThePlaceAndWhatIsAccepted) {
  EXPECT_EQ(ErrorOf("\n  <html>"),
            "r.json:2:3: expected a report's '{', found '<' (accepted is what Google Benchmark "
            "writes with --benchmark_out or --benchmark_format=json)");
}

TEST(ReaderRefusals, WhatIsNoReport) {
  EXPECT_TRUE(Contains(ErrorOf(""), "r.json:1:1: empty"));
  EXPECT_TRUE(Contains(ErrorOf(" \n\t"), "r.json:1:1: empty"));
  EXPECT_TRUE(Contains(ErrorOf("{}"), "r.json:1:2: an object without a \"benchmarks\" array"));
  EXPECT_TRUE(Contains(ErrorOf("[1]"), "r.json:1:1: expected a report's '{', found '['"));
  EXPECT_TRUE(Contains(ErrorOf(R"({"context": {}})"), "without a \"benchmarks\" array"));
  EXPECT_TRUE(Contains(ErrorOf(R"({"context": {}, "benchmarks": 3})"), "without a \"benchmarks\""));
  EXPECT_TRUE(Contains(ErrorOf(R"({"context": {}, "foo" 3})"), "r.json:1:23: expected ':'"));
  EXPECT_TRUE(Contains(ErrorOf(R"({"benchmarks": [1, 2]})"), "r.json:1:17: this is no entry"));
  EXPECT_TRUE(Contains(ErrorOf("<style>a {color: red}</style>"), "r.json:1:1: "));
  EXPECT_TRUE(Contains(ErrorOf(std::string("\x7F"
                                           "ELF\0\0{\"\x01",
                                           9)),
                       "r.json:1:"));
  EXPECT_TRUE(Contains(ErrorOf("\xFF\xFE{\0"), "UTF-16"));
  EXPECT_TRUE(Contains(ErrorOf(R"({"context": {"a": )"), "r.json:1:19: expected a value"));
}

TEST(ReaderRefusals, AnEntryThatMeansNothing) {
  EXPECT_TRUE(Contains(ErrorOf("{\"benchmarks\": [\n{\"real_time\": 1}]}"),
                       "r.json:2:1: an entry needs a \"name\""));
  EXPECT_TRUE(Contains(ErrorOf(ReportOf(R"({"name": "x", "stats": {"min": 1}})")),
                       "'x' has neither a time nor a counter"));
  EXPECT_TRUE(Contains(ErrorOf(ReportOf(R"({"name": "x", "real_time": 1, "time_unit": "h"})")),
                       "r.json:1:88: time_unit is 'h', accepted are ns, us, ms and s"));
}

TEST(ReaderRefusals, NestingHasABoundAndNoStack) {
  const std::string deep(1'000'000, '[');
  EXPECT_TRUE(Contains(ErrorOf(deep), "r.json:1:1: "));
  EXPECT_TRUE(Contains(ErrorOf(R"({"context": {"a": )" + deep), "at most 200 levels"));
  EXPECT_TRUE(Contains(ErrorOf(R"({"a": [}, "benchmarks": []})"), "r.json:1:8: expected ']'"));
}

TEST(ReaderRefusals, NoBenchmarksIsAnEmptyReport) {
  const Document report = ParseOne(R"({"context": {}, "benchmarks": []})");
  EXPECT_TRUE(report.entries.empty());
  EXPECT_FALSE(report.truncated);
  EXPECT_TRUE(report.notes.empty());
}

TEST(ReaderPlaces, AreTheSameForwardAndBackward) {
  const std::string_view text = "ab\n\nc\n";
  const std::vector<std::string> expected = {"1:1", "1:2", "1:3", "2:1", "3:1", "3:2", "4:1"};
  Places places(text);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(places.Of(i), expected[i]);
  for (std::size_t i = expected.size(); i-- > 0;) EXPECT_EQ(places.Of(i), expected[i]);
  EXPECT_EQ(places.Of(99), "4:1");
  EXPECT_EQ(places.Of(1), "1:2");
}

// Each of these was, or could be, quadratic: eight times the text would take sixty-four times as
// long. By processor time, which a busy machine does not change much.
TEST(ReaderCost, IsLinearForWhatLooksLikeManyReports) {
  const auto ticks = [](std::size_t bytes) {
    const std::clock_t begin = std::clock();
    for (const std::string piece :
         {"{", "{\"", "{\"context\":", "{\"context\":{},\"benchmarks\":[{\"n\n", "]\n", "{\"a\":",
          "{\"benchmarks\":[]}", "{\"context\":{},\"benchmarks\":[x\n", "{\"benchmarks\":[\n1,"}) {
      std::string text;
      while (text.size() < bytes) text += piece;
      (void)ParseReports("r.json", text).ok();
    }
    return static_cast<double>(std::clock() - begin);
  };
  const double less = ticks(125'000);
  EXPECT_LT(ticks(1'000'000), 24 * less);
}

}  // namespace
}  // namespace assay::regression
