#include "tools/assay/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string ContentOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A folder of the test's own.
class Output : public testing::Test {
 protected:
  Output() : folder_(testing::TempDir() + "output." + std::to_string(::getpid())) {
    fs::create_directories(folder_);
  }
  ~Output() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return Path(name);
  }

  std::size_t Files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

using WriteWholeTest = Output;
using ReadTolerancesTest = Output;

TEST_F(WriteWholeTest, LeavesTheTextAndNothingElse) {
  const std::string text("a\n\0b\xff", 5);
  ASSERT_TRUE(WriteWhole(Path("r.json"), text).ok());
  EXPECT_EQ(ContentOf(Path("r.json")), text);
  EXPECT_EQ(Files(), 1u);
}

TEST_F(WriteWholeTest, AnEmptyTextIsAnEmptyFile) {
  ASSERT_TRUE(WriteWhole(Path("r.json"), "").ok());
  EXPECT_EQ(fs::file_size(Path("r.json")), 0u);
}

TEST_F(WriteWholeTest, ReplacesWhatWasThereWithoutTouchingIt) {
  const std::string path = Write("r.json", "old and longer");
  fs::create_hard_link(path, Path("the_old_one"));
  ASSERT_TRUE(WriteWhole(path, "new").ok());
  EXPECT_EQ(ContentOf(path), "new");
  EXPECT_EQ(ContentOf(Path("the_old_one")), "old and longer");
}

TEST_F(WriteWholeTest, TakesTheSameNameAgainAfterARunThatWasKilled) {
  Write("r.json.unfinished", "half of something much longer");
  ASSERT_TRUE(WriteWhole(Path("r.json"), "new").ok());
  EXPECT_EQ(ContentOf(Path("r.json")), "new");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(WriteWholeTest, AFolderThatIsNotThereIsNamedWithTheReason) {
  const auto written = WriteWhole(Path("no/r.json"), "new");
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_EQ(written.error().message,
            Path("no/r.json") + ": cannot be written: No such file or directory");
  EXPECT_EQ(Files(), 0u);
}

TEST_F(WriteWholeTest, AFileIsNoFolder) {
  const std::string file = Write("file", "old");
  EXPECT_EQ(WriteWhole(file + "/r.json", "new").error().message,
            file + "/r.json: cannot be written: Not a directory");
  EXPECT_EQ(ContentOf(file), "old");
}

TEST_F(WriteWholeTest, AFolderThatTakesNoFilesIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(WriteWhole(Path("r.json"), "new").error().message,
            Path("r.json") + ": cannot be written: Permission denied");
  fs::permissions(folder_, fs::perms::owner_all);
}

TEST_F(WriteWholeTest, DoesNotReplaceAFolder) {
  fs::create_directory(Path("folder"));
  Write("folder/kept", "old");
  EXPECT_EQ(WriteWhole(Path("folder"), "new").error().message,
            Path("folder") + ": cannot be replaced: Is a directory");
  EXPECT_EQ(ContentOf(Path("folder/kept")), "old");
  EXPECT_EQ(Files(), 1u);
}

// A limit on the size of files stands for the full disk: writing fails half way.
TEST_F(WriteWholeTest, AFullDiskLeavesWhatWasThere) {
  const std::string path = Write("r.json", "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit little = {.rlim_cur = 10'000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
  const auto long_text = WriteWhole(path, std::string(100'000, 'x'));
  // Fits into the stream's own buffer, so that only the flush can fail.
  const rlimit nothing = {.rlim_cur = 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &nothing), 0);
  const auto short_text = WriteWhole(path, "new");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  for (const auto& written : {long_text, short_text}) {
    ASSERT_FALSE(written.ok());
    EXPECT_EQ(written.error().message, path + ": cannot be written: File too large");
  }
  EXPECT_EQ(ContentOf(path), "old");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(ReadTolerancesTest, AreThePairsOfEachLineInTheirOrder) {
  const std::string path = Write("t",
                                 "# noisy ones\n"
                                 "0.05 ^BM_noisy\n"
                                 "\n"
                                 "10 a b\r\n"
                                 "\r\n"
                                 "1e-3 .");
  const auto tolerances = ReadTolerances(path);
  ASSERT_TRUE(tolerances.ok()) << tolerances.error().message;
  EXPECT_EQ(*tolerances, (std::vector<std::pair<std::string, double>>{
                             {"^BM_noisy", 0.05}, {"a b", 10}, {".", 0.001}}));
}

TEST_F(ReadTolerancesTest, AnEmptyFileHasNone) {
  EXPECT_TRUE(ReadTolerances(Write("t", "")).value().empty());
}

TEST_F(ReadTolerancesTest, NameTheLineWhatIsWrongAndWhatIsAccepted) {
  const std::string accepted = "; accepted: TOLERANCE REGEX, for example 0.05 ^BM_noisy";
  const std::string no_pair = "no tolerance and regex";
  const std::string bounds = "the tolerance is not above 0 and at most 10";
  for (const auto& [line, what] : {std::pair<std::string, std::string>{"x", no_pair},
                                   {"0.05", no_pair},
                                   {"0.05 ", no_pair},
                                   {"0.05\ta", no_pair},
                                   {"5% a", no_pair},
                                   {"0.05, a", no_pair},
                                   {" 0.05 a", no_pair},
                                   {"0 a", bounds},
                                   {"-0.05 a", bounds},
                                   {"10.01 a", bounds},
                                   {"nan a", bounds},
                                   {"inf a", bounds},
                                   {"0.05 (a", "not a regular expression"}}) {
    const std::string path = Write("t", "0.1 ok\n# a comment\n" + line + "\n0.2 ok\n");
    const auto tolerances = ReadTolerances(path);
    ASSERT_FALSE(tolerances.ok()) << line;
    EXPECT_EQ(tolerances.error().code, ErrorCode::kIo);
    EXPECT_EQ(tolerances.error().message, path + ":3: " + what + accepted);
  }
}

TEST_F(ReadTolerancesTest, AFileThatCannotBeReadIsNamed) {
  EXPECT_EQ(ReadTolerances(Path("none")).error().message,
            Path("none") + ": cannot be opened: No such file or directory");
  EXPECT_TRUE(
      ReadTolerances(folder_).error().message.starts_with(folder_.string() + ": cannot be read: "));
}

// Gives this process another stdout and environment for as long as it lives.
class Terminal {
 public:
  explicit Terminal(const char* no_colour) : stdout_(::dup(STDOUT_FILENO)) {
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) return;
    const int end = ::open(::ptsname(terminal_), O_RDWR | O_NOCTTY);
    ::dup2(end, STDOUT_FILENO);
    ::close(end);
    no_colour == nullptr ? ::unsetenv("NO_COLOR") : ::setenv("NO_COLOR", no_colour, 1);
  }
  ~Terminal() {
    ::dup2(stdout_, STDOUT_FILENO);
    ::close(stdout_);
    ::close(terminal_);
    ::unsetenv("NO_COLOR");
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

 private:
  int stdout_;
  int terminal_;
};

bool WantsColourOnATerminal(const std::string& option, const char* no_colour) {
  const Terminal terminal(no_colour);
  return WantsColour(option);
}

TEST(WantsColour, OnATerminalUnlessNoColorIsSet) {
  EXPECT_TRUE(WantsColourOnATerminal("auto", nullptr));
  EXPECT_TRUE(WantsColourOnATerminal("auto", ""));
  EXPECT_FALSE(WantsColourOnATerminal("auto", "1"));
}

TEST(WantsColour, AlwaysAndNeverAskNobody) {
  EXPECT_TRUE(WantsColourOnATerminal("always", "1"));
  EXPECT_FALSE(WantsColourOnATerminal("never", nullptr));
}

TEST_F(Output, AFileWantsNoColour) {
  const int before = ::dup(STDOUT_FILENO);
  const int file = ::open(Path("out").c_str(), O_WRONLY | O_CREAT, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::unsetenv("NO_COLOR");
  const bool automatically = WantsColour("auto"), always = WantsColour("always");
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  ::close(file);
  EXPECT_FALSE(automatically);
  EXPECT_TRUE(always);
}

}  // namespace
}  // namespace assay
