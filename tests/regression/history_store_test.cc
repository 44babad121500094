#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tools/regression/history/store.h"

namespace assay::regression {
namespace {

class Store : public testing::Test {
 protected:
  Store() : folder_(testing::TempDir() + "history_store." + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
  }
  ~Store() override { std::filesystem::remove_all(folder_); }

  std::string Path() const { return folder_ + "/history.jsonl"; }
  void Write(const std::string& text) const { std::ofstream(Path(), std::ios::binary) << text; }

  std::string folder_;
};

Record Sample(const std::string& commit, std::int64_t sequence) {
  Record record;
  record.commit = commit;
  record.sequence = sequence;
  record.host = {"cpu \"x\"", "2", "box"};
  record.date = "2024-05-06";
  record.report = "r.json";
  Point point = MakePoint({0.1, 1e300, 1.0 / 3});
  point.name = "A/1\n";
  point.metric = "cpu_time";
  point.unit = "ns";
  Point failed;
  failed.name = "B";
  failed.metric = "items_per_second";
  failed.higher_is_better = true;
  failed.problem = "skipped: no network";
  record.points = {point, failed};
  return record;
}

std::string MessageOf(const std::string& text) {
  const auto records = ParseHistory("h", text);
  return records ? "" : records.error().message;
}

TEST_F(Store, GivesBackWhatWasAddedBitForBit) {
  ASSERT_TRUE(Append(Path(), Sample("a", 1)));
  ASSERT_TRUE(Append(Path(), Sample("b", 2)));
  const auto records = ParseHistory(Path(), *ReadBytes(Path()));
  ASSERT_TRUE(records);
  EXPECT_EQ(*records, (std::vector<Record>{Sample("a", 1), Sample("b", 2)}));
}

TEST_F(Store, IsOneLineForEachRun) {
  EXPECT_EQ(ToLine(Sample("a", 1)).find('\n'), std::string::npos);
}

TEST_F(Store, OrderOfLinesAndLinesTwiceDoNotMatter) {
  const auto a = ToLine(Sample("a", 1));
  const auto b = ToLine(Sample("b", 2));
  const auto merged = ParseHistory("h", b + "\n\n" + a + "\n" + b + "\n");
  ASSERT_TRUE(merged);
  EXPECT_EQ(*merged, (std::vector<Record>{Sample("a", 1), Sample("b", 2)}));
}

TEST_F(Store, NamesTheLineThatIsTornAtEveryByte) {
  const auto line = ToLine(Sample("a", 1));
  for (std::size_t size = 1; size < line.size(); ++size) {
    const auto message = MessageOf(line + "\n" + line.substr(0, size));
    EXPECT_EQ(message.rfind("h:2: ", 0), 0u) << size << message;
  }
}

TEST_F(Store, NamesForeignLines) {
  const auto line = ToLine(Sample("a", 1)) + "\n";
  for (const std::string foreign :
       {"<<<<<<< HEAD", "[]", "{}", "{\"assay_history\":2}", "{\"assay_history\":1}", "\xff"}) {
    const auto message = MessageOf(line + "\n" + foreign + "\n" + line);
    EXPECT_EQ(message.rfind("h:3: ", 0), 0u) << foreign;
    EXPECT_NE(message.find("accepted is"), std::string::npos);
  }
}

TEST_F(Store, AddsNothingAfterALineWithoutAnEnd) {
  Write("{\"torn");
  const auto added = Append(Path(), Sample("a", 1));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kIo);
  EXPECT_EQ(*ReadBytes(Path()), "{\"torn");
}

// A limit on the size of files refuses the write in its middle, as a full disk does.
TEST_F(Store, LeavesTheFileAsItWasWhenTheDiskIsFull) {
  ASSERT_TRUE(Append(Path(), Sample("a", 1)));
  const auto before = *ReadBytes(Path());
  rlimit old{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{before.size() + 20, old.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto added = Append(Path(), Sample("b", 2));
  const auto other = Append(folder_ + "/new.jsonl", Sample(std::string(before.size(), 'x'), 2));
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find(Path()), std::string::npos);
  EXPECT_EQ(*ReadBytes(Path()), before);
  EXPECT_FALSE(other);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/new.jsonl"));
}

TEST_F(Store, NamesAPathThatCannotBeWritten) {
  for (const auto& path : {folder_ + "/none/h.jsonl", folder_, std::string("/dev/null")}) {
    const auto added = Append(path, Sample("a", 1));
    ASSERT_FALSE(added) << path;
    EXPECT_EQ(added.error().message.rfind(path, 0), 0u);
  }
  EXPECT_FALSE(ReadBytes(folder_ + "/none"));
  EXPECT_FALSE(ReadBytes(folder_));
}

}  // namespace
}  // namespace assay::regression
