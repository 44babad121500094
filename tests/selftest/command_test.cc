// Runs the real `assay selftest`, shortly, and the workload within it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace assay {
namespace {

struct Ran {
  std::string output;  // and errors
  int status = -1;
};

Ran RunAssay(const std::string& arguments) {
  const std::string command = std::string(ASSAY_PROGRAM) + " " + arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  Ran ran;
  std::array<char, 4096> buffer;
  for (std::size_t bytes; (bytes = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.output.append(buffer.data(), bytes);
  }
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string Temporary(const std::string& name) {
  return testing::TempDir() + name + std::to_string(::getpid());
}

TEST(SelftestCommand, PrintsEverySectionAndWritesJson) {
  const std::string file = Temporary("selftest.json");
  const Ran ran = RunAssay("selftest --seconds 1 --tolerance 0.04 --seed 7 --json " + file);
  EXPECT_TRUE(ran.status == 0 || ran.status == 1) << ran.status << ran.output;
  for (const char* section : {"clock  ", "wake-up  ", "floor  ", "A/A  "}) {
    EXPECT_TRUE(Has(ran.output, section)) << section << ran.output;
  }
  EXPECT_FALSE(Has(ran.output, "\x1b")) << "neither colour nor progress in a pipe";
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream);
  EXPECT_EQ(json["assay_selftest_schema"], 1);
  EXPECT_EQ(json["tolerance"], 0.04);
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["rows"].size(), 10u);
  EXPECT_GE(json["blocks"], 1);
  EXPECT_EQ(ran.status, json["false_alarms"].empty() ? 0 : 1);
  std::filesystem::remove(file);
}

TEST(SelftestCommand, WrongOptionsAreNamed) {
  for (const auto& [arguments, name] : {std::pair("--seconds 0", "--seconds"),
                                        {"--tolerance -1", "--tolerance"},
                                        {"--seed x", "--seed"},
                                        {"--color blue", "--color"},
                                        {"--sceonds 3", "--sceonds"}}) {
    const Ran ran = RunAssay(std::string("selftest ") + arguments);
    EXPECT_EQ(ran.status, 2) << arguments << ran.output;
    EXPECT_TRUE(Has(ran.output, name)) << ran.output;
  }
}

TEST(SelftestCommand, AFileThatCannotBeWrittenIsAFailure) {
  const Ran ran = RunAssay("selftest --seconds 0.1 --json /nowhere/at/all.json");
  EXPECT_EQ(ran.status, 3);
  EXPECT_TRUE(Has(ran.output, "assay selftest: /nowhere/at/all.json: cannot be written"));
}

TEST(SelftestCommand, HelpDoesNotShowTheWorkload) {
  const Ran ran = RunAssay("--help");
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(Has(ran.output, "selftest"));
  EXPECT_FALSE(Has(ran.output, "selftest-workload"));
}

TEST(SelftestWorkload, HasARowOfEachNature) {
  const Ran ran = RunAssay("selftest-workload --benchmark_list_tests");
  EXPECT_EQ(ran.output,
            "arithmetic\nfloating_point\nwalk_16_kib\nwalk_8_mib\ncopy_64_kib\nallocation\n"
            "system_call\nmutex\nwake_up/real_time\ntcp_byte/real_time\n");
}

TEST(SelftestWorkload, EveryRowRunsAndTakesTime) {
  const std::string file = Temporary("workload.json");
  const Ran ran = RunAssay("selftest-workload --benchmark_min_time=0.0001 --benchmark_out=" + file);
  EXPECT_EQ(ran.status, 0) << ran.output;
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream);
  EXPECT_EQ(json["benchmarks"].size(), 10u);
  for (const auto& row : json["benchmarks"]) {
    EXPECT_FALSE(row.contains("error_message")) << row;
    EXPECT_GT(row["real_time"], 0) << row;
  }
  std::filesystem::remove(file);
}

TEST(SelftestWorkload, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(RunAssay("selftest-workload --benchmark_nonsense").status, 2);
  EXPECT_EQ(RunAssay("selftest-workload --benchmark_filter=nothing_of_this_name").status, 2);
}

}  // namespace
}  // namespace assay
