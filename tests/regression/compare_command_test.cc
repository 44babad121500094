#include "tests/regression/compare_command.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace assay::regression {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kAccepted =
    " (accepted is what Google Benchmark writes with --benchmark_out or --benchmark_format=json)";

// A folder with five equal reports, for grade B.
std::string Five(const FakeFolder& folder, const std::string& name, const std::string& text) {
  std::filesystem::create_directory(folder.File(name));
  for (int i = 0; i < 5; ++i) folder.Write(name + "/" + std::to_string(i) + ".json", text);
  return folder.File(name);
}

int StatusOf(const Words& arguments) { return AssayCompare(arguments).status; }

TEST(CompareReports, TheExitStatusSaysHowItEnded) {
  const FakeFolder folder;
  const std::string same = Five(folder, "same", ReportText(Entries("a", 10)));
  const std::string slow = Five(folder, "slow", ReportText(Entries("a", 20)));
  const std::string two =
      Five(folder, "two", ReportText(Entries("a", 10) + "," + Entries("b", 10)));
  const std::string one = folder.Write("one.json", ReportText(Entries("a", 10)));
  const std::string failed =
      Five(folder, "failed",
           ReportText(Entries("a", 1, R"(, "error_occurred": true, "error_message": "x")")));
  EXPECT_EQ(StatusOf({same, same}), 0);
  EXPECT_EQ(StatusOf({same, slow}), 1);
  EXPECT_EQ(StatusOf({slow, same}), 0);
  EXPECT_EQ(StatusOf({same, same, "--no-such-option"}), 2);
  EXPECT_EQ(StatusOf({same}), 2);
  EXPECT_EQ(StatusOf({same, folder.File("none")}), 3);
  EXPECT_EQ(StatusOf({one, one}), 4);
  EXPECT_EQ(StatusOf({two, same}), 5);
  EXPECT_EQ(StatusOf({same, two}), 0);
  EXPECT_EQ(StatusOf({same, same, "--filter", "^z"}), 5);
  EXPECT_EQ(StatusOf({same, failed}), 6);
}

TEST(CompareReports, NothingComparedIsNeverSuccess) {
  const FakeFolder folder;
  const std::string empty = folder.Write("empty.json", ReportText(""));
  const std::string one = folder.Write("one.json", ReportText(Entries("a", 10)));
  EXPECT_EQ(StatusOf({empty, one}), 5);
  EXPECT_EQ(StatusOf({one, empty}), 5);
  EXPECT_EQ(StatusOf({empty, empty}), 5);
  EXPECT_EQ(StatusOf({empty, one, "--fail-on", "regressed"}), 5);
}

TEST(CompareReports, FailOnChoosesWhatFails) {
  const FakeFolder folder;
  const std::string a = folder.Write("a.json", ReportText(Entries("a", 10)));
  const std::string both =
      folder.Write("b.json", ReportText(Entries("a", 10) + "," + Entries("b", 1)));
  EXPECT_EQ(StatusOf({both, a}), 5);
  EXPECT_EQ(StatusOf({both, a, "--fail-on", "inconclusive"}), 4);
  EXPECT_EQ(StatusOf({both, a, "--fail-on", "regressed,not-comparable"}), 0);
  EXPECT_EQ(StatusOf({both, a, "--no-utest"}), 0);
  EXPECT_EQ(StatusOf({both, a, "--fail-on", "everything"}), 2);
}

TEST(CompareReports, GatesTheMetricsThatItIsGiven) {
  const FakeFolder folder;
  const std::string base = Five(folder, "base", ReportText(Entries("a", 10, R"(, "rps": 900)")));
  const std::string head = Five(folder, "head", ReportText(Entries("a", 10, R"(, "rps": 300)")));
  EXPECT_EQ(StatusOf({base, head}), 0);
  const ProcessResult result = AssayCompare({base, head, "--metrics", "rps,real_time"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.output.find("a [rps]    REGRESSED"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("-66.7 %"), std::string::npos) << result.output;
  EXPECT_EQ(StatusOf({base, head, "--metrics=rps:lower"}), 0);
  EXPECT_EQ(FailureOf({base, head, "--metrics", "colour"}),
            "2 assay compare: --metrics: the name 'colour' does not say whether lower or higher is "
            "better; accepted: NAME, NAME:lower or NAME:higher (which way is better), separated by "
            "commas");
  EXPECT_NE(AssayCompare({base, head, "--metrics", "tps:higher"})
                .output.find("warning: --metrics: no benchmark has 'tps'; counters there are: rps"),
            std::string::npos);
}

TEST(CompareReports, NamesTheFileAndThePlaceOfWhatItCannotRead) {
  const FakeFolder folder;
  const std::string good = folder.Write("good.json", ReportText(Entries("a", 10)));
  std::filesystem::create_directory(folder.File("folder"));
  folder.Write("folder/notes.txt", "no report");
  const auto failure = [&](const std::string& name, const std::string& text) {
    const std::string path = folder.Write(name, text);
    const std::string message = FailureOf({path, good});
    EXPECT_EQ(FailureOf({good, path}), message);
    const std::string start = "3 assay compare: " + path + ":";
    EXPECT_TRUE(message.starts_with(start)) << message;
    return message.substr(std::min(start.size(), message.size()));
  };
  const std::string accepted = kAccepted;
  EXPECT_EQ(failure("empty", ""),
            "1:1: empty; a filter that matches nothing leaves such a file" + accepted);
  EXPECT_EQ(failure("html", "\n<html>busy</html>"),
            "2:1: expected a report's '{', found '<'" + accepted);
  EXPECT_EQ(failure("junk", std::string("\x01\x00\xff{", 4)),
            "1:1: expected a report's '{', found '\\x01'" + accepted);
  EXPECT_EQ(FailureOf({folder.File("none"), good}),
            "3 assay compare: " + folder.File("none") + ": No such file or directory");
  EXPECT_EQ(FailureOf({good, folder.File("folder")}),
            "3 assay compare: " + folder.File("folder") + ": no *.json file in this folder");
  EXPECT_TRUE(FailureOf({good, good, "--tolerance-file", folder.Write("t", "0.1 a\nx\n")})
                  .starts_with("3 assay compare: " + folder.File("t") + ":2: "));
}

TEST(CompareReports, ACutBaseIsToldAndPassesNothing) {
  const FakeFolder folder;
  const std::string whole = ReportText(Entries("a", 10) + ",\n" + Entries("b", 10));
  const std::string head = folder.Write("head.json", whole);
  const std::string base = folder.Write("base.json", whole.substr(0, whole.find("\"b\"")));
  const ProcessResult result = AssayCompare({base, head, "--fail-on", "not-comparable"});
  EXPECT_EQ(result.status, 6);
  EXPECT_NE(result.output.find("warning: " + base + ": 8:10: the report ends early after 5 "),
            std::string::npos)
      << result.output;
  EXPECT_EQ(StatusOf({folder.Write("cut.json", "{\"context\": {}, \"benchmarks\": [{"), head}), 6);
}

TEST(CompareReports, WritesEveryFormatWhole) {
  const FakeFolder folder;
  const std::string base = folder.Write("base.json", ReportText(Entries("a", 10)));
  const std::string head = folder.Write("head.json", ReportText(Entries("a", 90)));
  const std::string json = folder.Write("out.json", std::string(100000, 'x'));
  const ProcessResult result =
      AssayCompare({base, head, "--json", json, "--markdown", folder.File("out.md"), "--junit",
                    folder.File("out.xml"), "--github"});
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.output.find("::error"), std::string::npos);
  const auto parsed = nlohmann::json::parse(TextOf(json));
  EXPECT_EQ(parsed["rows"][0]["verdict"], "REGRESSED");
  EXPECT_EQ(parsed["rows"][0]["benchmark"], "a");
  EXPECT_NE(TextOf(folder.File("out.md")).find("REGRESSED"), std::string::npos);
  EXPECT_TRUE(TextOf(folder.File("out.xml")).ends_with("</testsuites>\n") ||
              TextOf(folder.File("out.xml")).ends_with("</testsuite>\n"));
}

// The files of a folder that are not the two reports.
Words Others(const FakeFolder& folder) {
  Words names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.File("."))) {
    const std::string name = entry.path().filename();
    if (name != "a.json" && name != "out") names.push_back(name);
  }
  return names;
}

TEST(CompareReports, WhatCannotBeWrittenFailsAndLeavesNothingHalfDone) {
  const FakeFolder folder;
  const std::string a = folder.Write("a.json", ReportText(Entries("a", 10)));
  std::filesystem::create_directory(folder.File("out"));
  for (const char* option : {"--json", "--markdown", "--junit"}) {
    const auto failure = [&](const std::string& path) {
      const ProcessResult result = AssayCompare({a, a, option, path});
      EXPECT_NE(result.output, "");  // the table is there all the same
      return std::to_string(result.status) + " " + result.errors;
    };
    const std::string nowhere = folder.File("none/out");
    EXPECT_EQ(failure(nowhere),
              "3 assay compare: " + nowhere + ": cannot be written: No such file or directory\n");
    EXPECT_TRUE(failure(folder.File("out")).starts_with("3 assay compare: " + folder.File("out")));
    EXPECT_EQ(Others(folder), Words());
  }
}

// A file size limit fails as a full disk does: a short write, then an error.
TEST(CompareReports, AFullDiskLeavesWhatWasThere) {
  const FakeFolder folder;
  const std::string a = folder.Write("a.json", ReportText(Entries("a", 10)));
  const std::string old = folder.Write("old.json", "old");
  const auto result = RunProcess({"/bin/sh", "-c",
                                  "trap '' XFSZ; ulimit -f 0; exec '" ASSAY_PROGRAM "' compare '" +
                                      a + "' '" + a + "' --json '" + old + "'"},
                                 {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 3);
  EXPECT_EQ(result->errors, "assay compare: " + old + ": cannot be written: File too large\n");
  EXPECT_EQ(TextOf(old), "old");
  EXPECT_EQ(Others(folder), Words{"old.json"});
}

TEST(CompareReports, OtherWrongOptions) {
  const FakeFolder folder;
  const std::string a = folder.Write("a.json", ReportText(Entries("a", 10)));
  EXPECT_TRUE(FailureOf({a, a, "--filter", "("})
                  .starts_with("2 assay compare: a filter is not a regular expression: "));
  for (const Words& options :
       {Words{"--tolerance", "0"}, Words{"--alpha", "2"}, Words{"--color", "mauve"},
        Words{"--base-filter", "a"}, Words{"--max-blocks", "0"}, Words{"--budget", "5 years"}}) {
    EXPECT_EQ(StatusOf({a, a, options[0], options[1]}), 2) << options[0];
  }
}

TEST(CompareReports, TheHelpSaysWhatASideMayBe) {
  const ProcessResult help = AssayCompare({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.output.find("executable"), std::string::npos);
  EXPECT_NE(help.output.find("--metrics"), std::string::npos);
}

}  // namespace
}  // namespace assay::regression
