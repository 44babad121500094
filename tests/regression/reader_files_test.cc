// Files, folders, and agreement with a strict parser.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "reader_text.h"

namespace assay::regression {
namespace {

namespace fs = std::filesystem;

class ReaderFiles : public testing::Test {
 protected:
  ReaderFiles() : folder_(fs::temp_directory_path() / ("reader" + std::to_string(getpid()))) {
    fs::create_directory(folder_);
  }
  ~ReaderFiles() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  const fs::path folder_;
};

TEST_F(ReaderFiles, AFolderIsItsJsonFilesInTheOrderOfTheirNames) {
  Write("b.json", ReportOf(EntryOf("b")));
  Write("a.json", ReportOf(EntryOf("a1")) + ReportOf(EntryOf("a2")));
  Write("notes.txt", "no report");
  fs::create_directory(folder_ / "c.json");
  const std::string last = Write("0.report", ReportOf(EntryOf("z")));
  const auto side = ReadSide({folder_, last});
  ASSERT_TRUE(side.ok()) << side.error().message;
  std::vector<std::string> names;
  for (const Document& report : side.value()) names.push_back(report.entries.at(0).run_name);
  EXPECT_EQ(names, (std::vector<std::string>{"a1", "a2", "b", "z"}));
  EXPECT_EQ(side.value()[2].path, folder_ / "b.json");
}

TEST_F(ReaderFiles, TheOrderIsNotThatOfTheFolder) {
  for (int i = 0; i < 26; ++i) {
    const std::string name(1, static_cast<char>('a' + i * 7 % 26));
    Write(name + ".json", ReportOf(EntryOf(name)));
  }
  const auto side = ReadSide({folder_});
  ASSERT_TRUE(side.ok()) << side.error().message;
  std::string names;
  for (const Document& report : side.value()) names += report.entries.at(0).run_name;
  EXPECT_EQ(names, "abcdefghijklmnopqrstuvwxyz");
}

TEST_F(ReaderFiles, AFolderWithoutReportsIsNamed) {
  const auto side = ReadSide({folder_});
  ASSERT_FALSE(side.ok());
  EXPECT_EQ(side.error(),
            (Error{ErrorCode::kIo, folder_.string() + ": no *.json file in this folder"}));
}

TEST_F(ReaderFiles, AMissingPathIsNamed) {
  const std::string path = folder_ / "absent.json";
  for (const auto& result : {ReadReports(path), ReadSide({path})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error(), (Error{ErrorCode::kIo, path + ": No such file or directory"}));
  }
}

TEST_F(ReaderFiles, AFolderIsNoFile) {
  const auto result = ReadReports(folder_);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, folder_.string() + ": Is a directory");
}

TEST_F(ReaderFiles, OneBadFileRefusesTheSideByName) {
  Write("a.json", ReportOf(EntryOf("a")));
  const std::string bad = Write("b.json", "{}");
  const auto side = ReadSide({folder_});
  ASSERT_FALSE(side.ok());
  EXPECT_TRUE(side.error().message.starts_with(bad + ":1:2: "));
}

TEST_F(ReaderFiles, NoPathIsNoSide) { EXPECT_FALSE(ReadSide({}).ok()); }

// What nlohmann::json makes of a report's entry, by the schema's plain meaning.
void ExpectSame(const Entry& entry, const nlohmann::json& strict) {
  const std::string unit = strict.value("time_unit", "ns");
  const bool ratio = strict.value("aggregate_unit", "") == "percentage";
  const double scale = ratio ? 1 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : unit == "s" ? 1e9 : 1;
  const bool big_o = strict.contains("big_o");
  const char* const real = big_o                    ? "real_coefficient"
                           : strict.contains("rms") ? "rms"
                                                    : "real_time";
  EXPECT_EQ(entry.run_name, strict.at("run_name").get<std::string>());
  EXPECT_EQ(entry.kind == Entry::Kind::kIteration, strict.at("run_type") == "iteration");
  EXPECT_EQ(entry.aggregate_name, strict.value("aggregate_name", ""));
  EXPECT_EQ(entry.label, strict.value("label", ""));
  EXPECT_EQ(entry.big_o, strict.value("big_o", ""));
  EXPECT_EQ(entry.threads, strict.at("threads").get<int>());
  EXPECT_EQ(entry.iterations, strict.value("iterations", std::int64_t{0}));
  EXPECT_EQ(entry.repetition_index, strict.value("repetition_index", 0));
  EXPECT_EQ(entry.real_time_ns, strict.at(real).get<double>() * scale);
  EXPECT_EQ(entry.cpu_time_ns, strict.value(big_o ? "cpu_coefficient" : "cpu_time", 0.0) * scale);
  for (const auto& [name, value] : entry.counters) {
    if (strict.at(name).is_null()) {
      EXPECT_TRUE(std::isnan(value)) << name;
    } else {
      EXPECT_EQ(value, strict.at(name).get<double>()) << name;
    }
  }
}

// The one thing in these files that no strict parser takes.
std::string WithNullForNan(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t at = text.find(": NaN"); at != text.npos; at = text.find(": NaN", at)) {
    text.replace(at, 5, ": null");
  }
  return text;
}

class ReaderAgreesWithAStrictParser : public testing::TestWithParam<const char*> {};

TEST_P(ReaderAgreesWithAStrictParser, OnEveryEntry) {
  const std::string path = std::string(ASSAY_CORPUS_DIR) + "/" + GetParam();
  const nlohmann::json strict = nlohmann::json::parse(WithNullForNan(path));
  const auto reports = ReadReports(path);
  ASSERT_TRUE(reports.ok()) << reports.error().message;
  const Document& report = reports.value().at(0);
  ASSERT_EQ(report.entries.size(), strict.at("benchmarks").size());
  for (std::size_t i = 0; i < report.entries.size(); ++i) {
    SCOPED_TRACE(strict.at("benchmarks")[i].at("name").get<std::string>());
    ExpectSame(report.entries[i], strict.at("benchmarks")[i]);
  }
  ASSERT_EQ(report.context.size(), strict.at("context").size());
  for (const auto& [key, value] : strict.at("context").items()) {
    const std::string fact = report.Fact(key).value_or("absent");
    if (value.is_string()) {
      EXPECT_EQ(fact, value.get<std::string>());
    } else if (value.is_array()) {
      EXPECT_EQ(nlohmann::json::parse(fact), value);
    } else {
      EXPECT_EQ(fact, value.dump());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Corpus, ReaderAgreesWithAStrictParser,
                         testing::Values("v1_5_0.json", "v1_6_1.json", "v1_8_4.json", "v1_9_5.json",
                                         "real_1_7_1.json"));

}  // namespace
}  // namespace assay::regression
