// `assay headline` as a shell sees it: output, errors and exit status.
#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tools/assay/commands.h"
#include "tools/report/headline.h"

namespace assay {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class HeadlineCommand : public testing::Test {
 protected:
  HeadlineCommand() : path_(testing::TempDir() + "headline." + std::to_string(::getpid())) {}
  ~HeadlineCommand() override { std::filesystem::remove(path_); }

  Outcome Run(const std::string& report, std::vector<std::string> more = {}) const {
    std::ofstream(path_) << report;
    CLI::App app;
    Outcome outcome;
    AddHeadlineCommand(app, outcome.exit_code);
    more.insert(more.end(), {path_, "headline"});  // CLI11 takes a vector from its end
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    app.parse(more);
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.err = testing::internal::GetCapturedStderr();
    return outcome;
  }

  std::string path_;
};

std::string ReportOf(const std::string& entries) {
  return R"({"context": {"cpu": "Test CPU"}, "benchmarks": [)" + entries + "]}";
}

std::string EntryOf(const std::string& name, const std::string& more = "") {
  return R"({"name": ")" + name + R"(", "run_type": "iteration", "real_time": 5, "rps": 7)" + more +
         "}";
}

// Every benchmark that a row reads.
std::string Everything() {
  std::string entries;
  for (const report::HeadlineRow& row : report::Headline({})) {
    for (const std::string& name : row.benchmarks) {
      entries += (entries.empty() ? "" : ",\n") + EntryOf(name);
    }
  }
  return entries;
}

TEST_F(HeadlineCommand, PrintsProvenanceAndTable) {
  const Outcome outcome = Run(ReportOf(Everything()));
  EXPECT_EQ(outcome.exit_code, kPass);
  EXPECT_EQ(outcome.err, "");
  EXPECT_TRUE(outcome.out.starts_with("Machine: Test CPU, ")) << outcome.out;
  EXPECT_NE(outcome.out.find("\n\nquestion  "), std::string::npos);
  EXPECT_EQ(outcome.out.find("not in this report"), std::string::npos);
}

TEST_F(HeadlineCommand, MarkdownKeepsTheLinesOfTheProvenanceApart) {
  const Outcome outcome = Run(ReportOf(Everything()), {"markdown", "--format"});
  EXPECT_NE(outcome.out.find("unknown  \nCommand: "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("\n\n| question |"), std::string::npos);
}

TEST_F(HeadlineCommand, ARowWithoutItsBenchmarkIsIncomplete) {
  const Outcome outcome = Run(ReportOf(EntryOf("other")));
  EXPECT_EQ(outcome.exit_code, kIncomplete);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("not in this report"), std::string::npos);
}

TEST_F(HeadlineCommand, ABenchmarkThatFailedOrWasSkippedFails) {
  for (const char* why : {R"("error_occurred": true, "error_message": "no fixture")",
                          R"("skipped": true, "skip_message": "no fixture")"}) {
    const Outcome outcome =
        Run(ReportOf(EntryOf("other", std::string(", ") + why) + "," + Everything()));
    EXPECT_EQ(outcome.exit_code, kFailure) << why;
    EXPECT_EQ(outcome.err, "assay headline: other was skipped: no fixture\n");
    EXPECT_NE(outcome.out.find("question"), std::string::npos);
  }
}

TEST_F(HeadlineCommand, AReportThatEndsEarlyIsIncompleteAndSaysWhere) {
  const Outcome outcome = Run(ReportOf(Everything() + ",\n{\"name\": "));
  EXPECT_EQ(outcome.exit_code, kIncomplete);
  EXPECT_TRUE(outcome.err.starts_with("assay headline: " + path_ + ":")) << outcome.err;
  EXPECT_NE(outcome.err.find("the report ends early"), std::string::npos) << outcome.err;
}

TEST_F(HeadlineCommand, WhatIsNoReportFailsWithItsPlace) {
  const Outcome outcome = Run("<html>");
  EXPECT_EQ(outcome.exit_code, kFailure);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with("assay headline: " + path_ + ":1:1: ")) << outcome.err;
}

TEST_F(HeadlineCommand, TwoReportsInOneFileAreRefused) {
  const Outcome outcome = Run(ReportOf(Everything()) + ReportOf(Everything()));
  EXPECT_EQ(outcome.exit_code, kFailure);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "assay headline: " + path_ + ": 2 reports in one file; accepted: a file with one\n");
}

}  // namespace
}  // namespace assay
