// What reports contain that JSON does not allow, or allows and nobody expects.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reader_text.h"

namespace assay::regression {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(ReaderNumbers, NanAndInfinityAreKeptInEverySpelling) {
  for (const std::string nan : {"NaN", "nan", "-NaN", "-nan"}) {
    const Entry entry = ParseEntry(EntryOf("x", ", \"c\": " + nan + ", \"d\": 1"));
    ASSERT_EQ(entry.counters.size(), 2U) << nan;
    EXPECT_TRUE(std::isnan(entry.counters[0].second)) << nan;
  }
  for (const std::string word : {"Infinity", "inf", "Inf"}) {
    EXPECT_EQ(Counter(ParseEntry(EntryOf("x", ",\"c\":" + word)), "c"), kInfinity) << word;
    EXPECT_EQ(Counter(ParseEntry(EntryOf("x", ",\"c\":-" + word)), "c"), -kInfinity) << word;
  }
}

// A counter that is always zero has a cv of NaN in every report: nothing to warn of.
TEST(ReaderNumbers, ANanIsNotedExceptInAnAggregateCv) {
  const auto notes = [](const std::string& aggregate) {
    return ParseOne(R"({"benchmarks": [{"name": "x", "run_type": )" + aggregate +
                    R"(, "cpu_time": 1, "real_time": 1, "c": NaN}]})")
        .notes.size();
  };
  EXPECT_EQ(notes(R"("aggregate", "aggregate_name": "cv")"), 0U);
  EXPECT_EQ(notes(R"("aggregate", "aggregate_name": "mean")"), 1U);
  EXPECT_EQ(notes(R"("iteration")"), 1U);
}

TEST(ReaderNumbers, DigitGroupsOfALocaleAreOneInteger) {
  const auto iterations = [](const std::string& number) {
    return ParseEntry(R"({"name": "x", "iterations": )" + number + R"(,"real_time": 7})")
        .iterations;
  };
  EXPECT_EQ(iterations("1,234"), 1234);
  EXPECT_EQ(iterations("12,345,678"), 12345678);
  EXPECT_EQ(iterations("12,34,567"), 1234567);
  EXPECT_EQ(iterations("1'234'567"), 1234567);
  EXPECT_EQ(iterations("1 234"), 1234);
  EXPECT_EQ(iterations("1.234"), 1234);
  EXPECT_EQ(iterations("1.234.567"), 1234567);
  EXPECT_EQ(iterations("1234.0"), 1234);
  EXPECT_EQ(iterations("1.5e3"), 1500);
}

TEST(ReaderNumbers, AGroupedIntegerIsNotedWithItsPlace) {
  const Document report =
      ParseOne("{\"benchmarks\": [\n{\"name\": \"x\", \"real_time\": 1,234, \"cpu_time\": 1}]}");
  EXPECT_EQ(report.entries.at(0).real_time_ns, 1234);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes[0].substr(0, 6), "2:28: ");
}

TEST(ReaderNumbers, ADecimalCommaIsADecimalPoint) {
  const Entry entry =
      ParseEntry(R"({"name": "x", "real_time": 5,7883808739141607e+01, "cpu_time": -1,5})");
  EXPECT_EQ(entry.real_time_ns, 57.883808739141607);
  EXPECT_EQ(entry.cpu_time_ns, -1.5);
}

TEST(ReaderNumbers, ACommaBeforeAKeySeparates) {
  const Entry entry = ParseEntry(R"({"name":"x","iterations":1,"real_time":234,"cpu_time":1})");
  EXPECT_EQ(entry.iterations, 1);
  EXPECT_EQ(entry.real_time_ns, 234);
}

TEST(ReaderNumbers, AFractionOfThreeDigitsIsNoGroupOutsideIntegers) {
  EXPECT_EQ(ParseEntry(R"({"name": "x", "real_time": 1.234})").real_time_ns, 1.234);
}

TEST(ReaderNumbers, WhatADoubleCannotHoldIsInfinityOrZero) {
  EXPECT_EQ(ParseEntry(EntryOf("x", R"(, "c": 1e999)")).counters[0].second, kInfinity);
  EXPECT_EQ(ParseEntry(EntryOf("x", R"(, "c": -1e999)")).counters[0].second, -kInfinity);
  EXPECT_EQ(ParseEntry(EntryOf("x", R"(, "c": 1e-999)")).counters[0].second, 0);
}

TEST(ReaderNumbers, AnIntegerBeyondItsTypeIsTheNearest) {
  EXPECT_EQ(
      ParseEntry(R"({"name": "x", "iterations": 99999999999999999999, "real_time": 1})").iterations,
      std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(ParseEntry(R"({"name": "x", "threads": -3, "real_time": 1})").threads, 1);
  EXPECT_EQ(ParseEntry(R"({"name": "x", "threads": 99999999999, "real_time": 1})").threads,
            std::numeric_limits<int>::max());
}

TEST(ReaderNumbers, FactsLoseTheirDigitGroups) {
  const Document report = ParseOne(R"({"context": {"mhz_per_cpu": 2,300}, "benchmarks": []})");
  EXPECT_EQ(report.Fact("mhz_per_cpu"), "2300");
}

TEST(ReaderStrings, EscapesBecomeUtf8) {
  const auto label = [](const std::string& raw) {
    return ParseEntry(EntryOf("x", R"(, "label": ")" + raw + "\"")).label;
  };
  EXPECT_EQ(label(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(label(R"(\u0041\u00e9\u20AC)"), "A\xC3\xA9\xE2\x82\xAC");
  EXPECT_EQ(label(R"(\ud83d\ude00)"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(label(R"(\ud83d!\ude00)"), "\xEF\xBF\xBD!\xEF\xBF\xBD");
  EXPECT_EQ(label(R"(\ud83d\u0041)"),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(label(R"(C:\Users\u12)"), R"(C:\Users\u12)");
}

TEST(ReaderStrings, ControlCharactersAndInvalidUtf8PassThrough) {
  const std::string raw("a\x01\n\xFF\0b", 6);
  EXPECT_EQ(ParseEntry(EntryOf("x", ", \"label\": \"" + raw + "\"")).label, raw);
}

TEST(ReaderStrings, AnEscapedKeyIsTheSameKey) {
  EXPECT_EQ(ParseEntry(R"({"\u006eame": "x", "real\u005ftime": 4})").real_time_ns, 4);
}

TEST(ReaderKeys, ACounterNamedLikeATimeDoesNotReplaceIt) {
  const Document report = ParseOne(ReportOf(EntryOf("x", R"(, "real_time": 99, "c": 1)")));
  EXPECT_EQ(report.entries.at(0).real_time_ns, 2.5);
  EXPECT_EQ(report.entries[0].counters.size(), 1U);
  EXPECT_TRUE(Notes(report, "a second 'real_time'"));
}

TEST(ReaderKeys, ACounterNamedLabelIsACounterBesideTheLabel) {
  const Document report = ParseOne(ReportOf(EntryOf("x", R"(, "label": 7, "label": "fast")")));
  EXPECT_EQ(report.entries.at(0).label, "fast");
  EXPECT_EQ(Counter(report.entries[0], "label"), 7);
  EXPECT_TRUE(Notes(report, "a number under the key 'label' is a counter"));
}

TEST(ReaderKeys, BesideTimesACoefficientIsACounter) {
  const Entry entry = ParseEntry(EntryOf("x", R"(, "cpu_coefficient": 3, "rms": 4)"));
  EXPECT_EQ(entry.kind, Entry::Kind::kIteration);
  EXPECT_EQ(Counter(entry, "rms"), 4);
  EXPECT_EQ(Counter(entry, "cpu_coefficient"), 3);
}

TEST(ReaderKeys, OfTwoCountersOfOneNameTheFirstCounts) {
  const Document report = ParseOne(ReportOf(EntryOf("x", R"(, "b": 1, "a": 2, "b": 3)")));
  ASSERT_EQ(report.entries.at(0).counters.size(), 2U);
  EXPECT_EQ(Counter(report.entries[0], "b"), 1);
  EXPECT_TRUE(Notes(report, "a second counter"));
}

TEST(ReaderKeys, UnknownMembersThatAreNoNumbersAreIgnored) {
  const Entry entry = ParseEntry(
      EntryOf("x", R"(, "s": "t", "b": true, "n": null, "o": {"real_time": [1, "]"]}, "c": 5)"));
  ASSERT_EQ(entry.counters.size(), 1U);
  EXPECT_EQ(entry.counters[0].first, "c");
  EXPECT_EQ(entry.real_time_ns, 2.5);
}

TEST(ReaderKeys, AnyOrderOfKeysWillDo) {
  const Document report = ParseOne(
      R"({"benchmarks": [{"time_unit": "us", "real_time": 2, "name": "x", "cpu_time": 1}],
          "context": {"num_cpus": 8}})");
  EXPECT_EQ(report.entries.at(0).real_time_ns, 2000);
  EXPECT_EQ(report.Fact("num_cpus"), "8");
}

TEST(ReaderKeys, AnOddityIsNotedOnceWithACount) {
  std::string elements;
  for (int i = 0; i < 100; ++i) elements += EntryOf("x", R"(, "real_time": 1)") + ",\n";
  const Document report = ParseOne(ReportOf(elements));
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_TRUE(Contains(report.notes[0], "(100 times)"));
}

TEST(ReaderKeys, NotesStayFewerThanAScreen) {
  std::string members;
  for (int i = 0; i < 500; ++i) members += ", \"" + std::to_string(i) + "\": 1";
  const std::string context = "{\"a\": 1" + members + members + "}";
  const Document report = ParseOne("{\"context\": " + context + ", \"benchmarks\": []}");
  EXPECT_EQ(report.notes.size(), 21U);
  EXPECT_EQ(report.notes.back(), "and 480 more of other kinds");
}

TEST(ReaderTimes, AMissingTimeIsNotANumberAndNoted) {
  const Document report = ParseOne(ReportOf(R"({"name": "x", "real_time": 3})"));
  EXPECT_EQ(report.entries.at(0).real_time_ns, 3);
  EXPECT_TRUE(std::isnan(report.entries[0].cpu_time_ns));
  EXPECT_TRUE(Notes(report, "no cpu_time"));
}

TEST(ReaderTimes, ANullTimeIsAMissingOne) {
  EXPECT_TRUE(
      std::isnan(ParseEntry(R"({"name": "x", "real_time": null, "cpu_time": 1})").real_time_ns));
}

TEST(ReaderTimes, AFailedEntryNeedsNone) {
  const Entry entry = ParseEntry(R"({"name": "x", "error_occurred": true, "error_message": "m"})");
  EXPECT_EQ(entry.status, Entry::Status::kErrored);
  EXPECT_EQ(entry.real_time_ns, 0);
}

}  // namespace
}  // namespace assay::regression
