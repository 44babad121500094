#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <cmath>
#include <fstream>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_log.h"
#include "tools/regression/run/block_log_text.h"

namespace assay::regression {
namespace {

BlockLogHeader SomeHeader() {
  return {.seed = 0xffffffffffffffffu,
          .min_time_s = 0.05,
          .repetitions = 3,
          .cpu = 1,
          .filter = "a\\.b\"|c",
          .metrics = {{"cpu_time", "r\"s"}, {"allocs_per_op"}},
          .base = {"old/bench", {"--x", "a\tb"}, 0xab},
          .head = {"new/bench", {}, 0xfedcba9876543210u}};
}

Block SomeBlock(int number) {
  return {.number = number,
          .order = number % 2 == 0 ? BlockOrder::kAbba : BlockOrder::kBaab,
          .elapsed = std::chrono::milliseconds(612),
          .medians = {{"BM \"x\\y\"\x01\n<int>/8",
                       {{"cpu_time", {0.1, 1.0 / 3, 1e300, 5e-300}}, {"r\"s", {0, -1, NAN, 8}}}},
                      {"\xc3\xa9", {{"cpu_time", {1, 2, 3, 4}}}},
                      {"nothing", {}}},
          .counts = {{"\xc3\xa9", {{"allocs_per_op", {3, 3, 4, 3}}}}},
          .not_comparable = {{"BM_b", "head failed: no \"file\"\n"}}};
}

void ExpectSame(const BlockMetrics& a, const BlockMetrics& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, metrics] : a) {
    ASSERT_EQ(metrics.size(), b.at(name).size());
    for (const auto& [metric, values] : metrics) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double other = b.at(name).at(metric)[i];
        EXPECT_TRUE(values[i] == other || (std::isnan(values[i]) && std::isnan(other))) << metric;
      }
    }
  }
}

void ExpectSame(const Block& a, const Block& b) {
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.order, b.order);
  EXPECT_EQ(a.elapsed, b.elapsed);
  ExpectSame(a.medians, b.medians);
  ExpectSame(a.counts, b.counts);
  EXPECT_EQ(a.not_comparable, b.not_comparable);
}

std::string WriteLog(const FakeFolder& folder, int blocks) {
  std::string text = HeaderLine(SomeHeader());
  for (int i = 0; i < blocks; ++i) text += BlockLine(SomeBlock(i));
  return folder.Write("log", text);
}

std::string Refusal(const std::string& path, const BlockLogHeader& expected = SomeHeader()) {
  const auto loaded = LoadBlockLog(path, expected);
  if (loaded.ok()) return "loaded";
  EXPECT_TRUE(loaded.error().message.starts_with(path + ":"));
  return loaded.error().message.substr(path.size() + 1);
}

TEST(BlockLog, GivesBackWhatWasAppended) {
  const FakeFolder folder;
  const std::string path = folder.File("log");
  LoadedBlocks loaded;
  {
    auto log = BlockLog::Open(path, SomeHeader(), loaded).value();
    EXPECT_TRUE(loaded.blocks.empty());
    ASSERT_TRUE(log.Append(SomeBlock(0)).ok());
    // On disk at once, not when the log is closed.
    EXPECT_EQ(LoadBlockLog(path, SomeHeader())->blocks.size(), 1u);
  }
  auto log = BlockLog::Open(path, SomeHeader(), loaded).value();
  ASSERT_EQ(loaded.blocks.size(), 1u);
  ASSERT_TRUE(log.Append(SomeBlock(1)).ok());
  const LoadedBlocks both = LoadBlockLog(path, SomeHeader()).value();
  ASSERT_EQ(both.blocks.size(), 2u);
  ExpectSame(both.blocks[0], SomeBlock(0));
  ExpectSame(both.blocks[1], SomeBlock(1));
  EXPECT_TRUE(both.notes.empty());
}

TEST(BlockLog, DropsALastLineThatWasNotFinished) {
  const FakeFolder folder;
  const std::string path = WriteLog(folder, 2);
  const auto whole = std::filesystem::file_size(path);
  const std::size_t line = BlockLine(SomeBlock(1)).size();
  for (std::size_t cut = 1; cut < line; ++cut) {
    std::filesystem::resize_file(path, whole - cut);
    const LoadedBlocks loaded = LoadBlockLog(path, SomeHeader()).value();
    EXPECT_EQ(loaded.blocks.size(), 1u);
    EXPECT_EQ(loaded.notes.at(0), path + ": its last line was not finished: dropped");
  }
  LoadedBlocks loaded;
  ASSERT_TRUE(BlockLog::Open(path, SomeHeader(), loaded)->Append(SomeBlock(1)).ok());
  EXPECT_EQ(LoadBlockLog(path, SomeHeader())->blocks.size(), 2u);
  EXPECT_EQ(std::filesystem::file_size(path), whole);
}

TEST(BlockLog, BeginsAgainAfterAHeaderThatWasNotFinished) {
  const FakeFolder folder;
  const std::string header = HeaderLine(SomeHeader());
  for (const std::size_t length : {std::size_t{0}, std::size_t{5}, header.size() - 1}) {
    const std::string path = folder.Write("log", header.substr(0, length));
    LoadedBlocks loaded;
    ASSERT_TRUE(BlockLog::Open(path, SomeHeader(), loaded)->Append(SomeBlock(0)).ok());
    EXPECT_EQ(loaded.notes.size(), length == 0 ? 0u : 1u);
    EXPECT_EQ(LoadBlockLog(path, SomeHeader())->blocks.size(), 1u);
  }
}

TEST(BlockLog, RefusesALogOfAnotherComparison) {
  const FakeFolder folder;
  const std::string path = WriteLog(folder, 1);
  const auto refusal = [&](const auto& change) {
    BlockLogHeader other = SomeHeader();
    change(other);
    return Refusal(path, other);
  };
  const std::string other = " belongs to another comparison: ";
  EXPECT_EQ(refusal([](auto& h) { h.base.hash = 1; }), other + "old/bench has changed since");
  EXPECT_EQ(refusal([](auto& h) { h.head = {"x", {}, 1}; }), other + "it is for new/bench, not x");
  EXPECT_EQ(refusal([](auto& h) { h.base.arguments.clear(); }),
            other + "old/bench got other arguments");
  EXPECT_EQ(refusal([](auto& h) { h.seed = 3; }),
            other + "its seed is 18446744073709551615, not 3");
  EXPECT_EQ(refusal([](auto& h) { h.min_time_s = 1; }), other + "it has another minimum time");
  EXPECT_EQ(refusal([](auto& h) { h.repetitions = 1; }), other + "it has other repetitions");
  EXPECT_EQ(refusal([](auto& h) { h.cpu.reset(); }), other + "it is pinned to another CPU");
  EXPECT_EQ(refusal([](auto& h) { h.filter = ""; }), other + "its filter is a\\.b\"|c");
  EXPECT_EQ(refusal([](auto& h) { h.metrics.medians = {"cpu_time"}; }),
            other +
                "it has the metrics cpu_time r\"s allocs_per_op, not the metrics cpu_time "
                "allocs_per_op");
  EXPECT_EQ(
      refusal([](auto& h) { h.metrics.counts = {}; }),
      other + "it has the metrics cpu_time r\"s allocs_per_op, not the metrics cpu_time r\"s");
  EXPECT_EQ(refusal([](auto& h) { h.head.path = "moved"; }), "loaded");
}

TEST(BlockLog, RefusesWhatIsNoBlockLogAndDoesNotTouchIt) {
  const FakeFolder folder;
  for (const char* text : {"precious", "precious\n", "{}\n", "\n"}) {
    const std::string path = folder.Write("log", text);
    EXPECT_TRUE(Refusal(path).ends_with(" is not a block log")) << text;
    LoadedBlocks loaded;
    EXPECT_FALSE(BlockLog::Open(path, SomeHeader(), loaded).ok());
    EXPECT_EQ(std::filesystem::file_size(path), std::string(text).size());
  }
  EXPECT_EQ(Refusal(folder.File("none")), " cannot be opened");
  EXPECT_EQ(Refusal(folder.Write("log", "{\"assay_block_log\":1,\"seed\":1}\n")),
            "1: a header that is damaged or of another version (known: 2)");
}

TEST(BlockLog, NamesTheLineThatIsDamaged) {
  const FakeFolder folder;
  const std::string header = HeaderLine(SomeHeader());
  const std::string good = BlockLine(SomeBlock(0));
  EXPECT_EQ(Refusal(folder.Write("log", header + good + good)), "3: is not block 1");
  EXPECT_EQ(Refusal(folder.Write("log", header + "x" + good)), "2: is not block 0");
  for (const char* value : {"inf", "nan", "-inf", "x", "\"1\"", ""}) {
    std::string bad = good;
    bad.replace(bad.find("[1,"), 3, std::string("[") + value + ",");
    EXPECT_EQ(Refusal(folder.Write("log", header + bad)), "2: is not block 0") << value;
  }
}

TEST(BlockLog, RefusesALogThatSomebodyElseIsWriting) {
  const FakeFolder folder;
  LoadedBlocks loaded;
  const std::string path = folder.File("log");
  const auto log = BlockLog::Open(path, SomeHeader(), loaded);
  EXPECT_EQ(BlockLog::Open(path, SomeHeader(), loaded).error().message,
            path + ": another comparison is writing it");
}

TEST(BlockLog, IsAsItWasWhenTheDiskIsFull) {
  const FakeFolder folder;
  const std::string path = WriteLog(folder, 1);
  const auto size = std::filesystem::file_size(path);
  LoadedBlocks loaded;
  BlockLog log = BlockLog::Open(path, SomeHeader(), loaded).value();
  // A file size limit fails in the same way: a short write, then an error.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit limit = {size + 10, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto full = log.Append(SomeBlock(1));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().message, path + ": cannot be written: File too large");
  EXPECT_EQ(std::filesystem::file_size(path), size);
  EXPECT_TRUE(log.Append(SomeBlock(1)).ok());
  EXPECT_EQ(LoadBlockLog(path, SomeHeader())->blocks.size(), 2u);
}

TEST(BlockLog, RefusesADevice) {
  EXPECT_EQ(Refusal("/dev/full"), " is not a regular file");
  EXPECT_EQ(Refusal("/tmp"), " is not a regular file");
}

// Any byte of a line that is changed, or left out, is noticed or harmless: never a crash.
TEST(BlockLogText, SurvivesDamageAnywhere) {
  const std::string line = BlockLine(SomeBlock(0));
  const std::string header = HeaderLine(SomeHeader());
  for (const std::string& text : {line, header}) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string damaged = text;
      damaged[i] = '\\';
      (void)ParseBlockLine(damaged);
      (void)ParseHeaderLine(damaged);
      EXPECT_FALSE(ParseBlockLine(std::string_view(text).substr(0, i)).has_value() &&
                   i + 1 < text.size());
    }
  }
}

}  // namespace
}  // namespace assay::regression
