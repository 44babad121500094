#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "tools/regression/history/history.h"
#include "tools/regression/history/index.h"
#include "tools/regression/history/plot.h"
#include "tools/regression/history/store.h"

namespace assay::regression {
namespace {

Document Report(const std::string& name, std::vector<double> values) {
  Document document;
  document.path = "r.json";
  document.context = {{"host_name", "box"}, {"num_cpus", "2"}, {"cpu", "c"}};
  for (const double value : values) {
    Entry entry;
    entry.run_name = name;
    entry.cpu_time_ns = value;
    entry.counters = {{"items_per_second", 1e9 / value}};
    document.entries.push_back(entry);
  }
  return document;
}

class History : public testing::Test {
 protected:
  History() : folder_(testing::TempDir() + "history." + std::to_string(getpid())) {
    std::filesystem::create_directory(folder_);
    show_.history = folder_ + "/h.jsonl";
    show_.name = "A";
  }
  ~History() override { std::filesystem::remove_all(folder_); }

  void Add(int commits, double value) {
    for (int i = 0; i < commits; ++i) {
      ++sequence_;
      const double wave = 1 + 0.01 * static_cast<double>(sequence_ * 7 % 5);
      const auto result = AddToHistory({show_.history, "c" + std::to_string(sequence_), sequence_},
                                       {Report("A", {value * wave, value * wave * 1.01})});
      ASSERT_EQ(result.exit_code, 0) << result.text;
    }
  }

  std::string folder_;
  ShowRequest show_;
  std::int64_t sequence_ = 0;
};

TEST_F(History, ShowSaysWhichCommitHowMuchHowSureAndHowToBisect) {
  Add(30, 100);
  Add(12, 120);
  const auto shown = ShowSeries(show_);
  EXPECT_EQ(shown.exit_code, 0);
  for (const char* part : {"+20.0 % worse  at c31", "p = ", "after c30 and no later than c31",
                           "git bisect start c31 c30", "--threshold 112", "(22 older points)"}) {
    EXPECT_NE(shown.text.find(part), std::string::npos) << part << "\n" << shown.text;
  }
  show_.metric = "items_per_second";
  EXPECT_NE(ShowSeries(show_).text.find("-16.7 % worse"), std::string::npos);
}

TEST_F(History, FitsAHundredColumns) {
  Add(30, 100);
  Add(12, 120);
  show_.ascii = true;
  for (const auto& text : {ShowSeries(show_).text, ListSeries(show_).text}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 102u) << line;
  }
}

TEST_F(History, ListNamesTheNewestChangeOfEverySeries) {
  Add(30, 100);
  Add(12, 50);
  const auto listed = ListSeries(show_);
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_NE(listed.text.find("-50.0 % better at c31"), std::string::npos) << listed.text;
  EXPECT_EQ(std::count(listed.text.begin(), listed.text.end(), '\n'), 2);
}

TEST_F(History, TellsAnUnknownNameFromAnUnreadableFile) {
  Add(1, 100);
  show_.name = "nothing";
  EXPECT_EQ(ListSeries(show_).exit_code, 2);
  EXPECT_EQ(ShowSeries(show_).exit_code, 2);
  std::ofstream(show_.history, std::ios::app) << "torn";
  EXPECT_EQ(ShowSeries(show_).exit_code, 3);
  EXPECT_EQ(AddToHistory({show_.history, "x", 1}, {Report("A", {1})}).exit_code, 3);
  EXPECT_EQ(AddToHistory({show_.history, "x", 1}, {}).exit_code, 2);
}

TEST_F(History, TheIndexIsKeptUntilTheHistoryChanges) {
  Add(5, 100);
  EXPECT_TRUE(Index::Open(show_.history)->was_rebuilt());
  EXPECT_FALSE(Index::Open(show_.history)->was_rebuilt());
  Add(1, 100);
  EXPECT_TRUE(Index::Open(show_.history)->was_rebuilt());
  EXPECT_EQ(Index::Open(show_.history)->Find("A")->front().points.size(), 6u);
}

TEST_F(History, LosesNothingWithItsIndex) {
  Add(30, 100);
  Add(12, 120);
  const auto before = ShowSeries(show_).text;
  std::filesystem::remove(show_.history + ".index");
  EXPECT_EQ(ShowSeries(show_).text, before);
  std::ofstream(show_.history + ".index") << "no database at all, but long enough to be read";
  EXPECT_EQ(ShowSeries(show_).text, before);
  std::filesystem::remove(show_.history + ".index");
  std::filesystem::create_directories(show_.history + ".index/in the way");
  EXPECT_EQ(ShowSeries(show_).text, before);
  EXPECT_FALSE(Index::Open(show_.history)->is_on_disk());
}

int CodeOf(const BisectRequest& request, const std::vector<Document>& documents) {
  return Bisect(request, documents).exit_code;
}

TEST(Bisect, AnswersAsGitWantsIt) {
  BisectRequest request;
  request.name = "A";
  request.threshold = 105;
  EXPECT_EQ(CodeOf(request, {Report("A", {100, 101})}), kBisectGood);
  EXPECT_EQ(CodeOf(request, {Report("A", {110, 111})}), kBisectBad);
  EXPECT_EQ(CodeOf(request, {Report("A", {100, 111})}), kBisectSkip);
  EXPECT_EQ(CodeOf(request, {Report("B", {100})}), kBisectSkip);
  EXPECT_EQ(CodeOf(request, {}), kBisectSkip);
  auto failed = Report("A", {100});
  failed.entries[0].status = Entry::Status::kErrored;
  EXPECT_EQ(CodeOf(request, {failed}), kBisectSkip);
}

TEST(Bisect, TakesABaselineAndTheDirectionOfTheMetric) {
  BisectRequest request;
  request.name = "A";
  EXPECT_EQ(CodeOf(request, {Report("A", {100})}), kBisectSkip);
  request.baseline = {Report("A", {100})};
  EXPECT_EQ(CodeOf(request, {Report("A", {102.9})}), kBisectGood);
  EXPECT_EQ(CodeOf(request, {Report("A", {103.1})}), kBisectBad);
  request.metric = "items_per_second";
  EXPECT_EQ(CodeOf(request, {Report("A", {102.9})}), kBisectGood);
  EXPECT_EQ(CodeOf(request, {Report("A", {103.1})}), kBisectBad);
}

TEST(PlotSeries, DrawsPointsLevelsAndMarks) {
  PlotOptions options;
  options.height = 5;
  options.ascii = true;
  options.unit = "ns";
  const double gap = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(PlotSeries({10, 13, gap, 10, 20, 22, 20}, {{4, "1"}}, options),
            "  22.0 ns |            :  o\n"
            "          |            o-----o\n"
            "          |            :\n"
            "          |   o        :\n"
            "  10.0 ns |o--------o  :\n"
            "                       1\n");
  EXPECT_EQ(PlotSeries({gap}, {}, options), "");
}

TEST(PlotSeries, StaysWithinItsWidth) {
  PlotOptions options;
  options.ascii = true;
  for (const std::size_t width : {30u, 60u, 100u}) {
    for (const std::size_t n : {1u, 2u, 50u, 3000u}) {
      options.width = width;
      std::istringstream lines(PlotSeries(std::vector<double>(n, 5.0), {{n / 2, "1"}}, options));
      for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), width);
    }
  }
}

TEST(ValueText, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(ValueText(1234, "ns", false), "1.23 µs");
  EXPECT_EQ(ValueText(45600, "1/s", true), "45.6 k/s");
  EXPECT_EQ(ValueText(0, "", true), "0");
  EXPECT_EQ(ValueText(-12.34, "B", true), "-12.3 B");
}

}  // namespace
}  // namespace assay::regression
