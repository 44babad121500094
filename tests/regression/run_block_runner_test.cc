#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {
namespace {

using Stop = BlockOutcome::Stop;
using Names = std::vector<std::string>;

// The labels in the log of launches, four to a block.
Names OrdersIn(const FakeFolder& folder) {
  Names orders;
  int launch = 0;
  for (const std::string& line : folder.Lines("launches")) {
    if (launch++ % 4 == 0) orders.emplace_back();
    orders.back() += line.substr(0, line.find('\t'));
  }
  return orders;
}

TEST(BlockRunner, EveryBlockIsAbbaOrBaabAsTheSeedSays) {
  std::map<std::uint64_t, Names> orders;
  for (const std::uint64_t seed : {1u, 2u, 1u}) {
    const FakeFolder folder;
    const auto outcome = Compare(folder.Fake("A", "bench 10 x"), folder.Fake("B", "bench 11 x"),
                                 {.seed = seed, .max_blocks = 16});
    ASSERT_TRUE(outcome.ok());
    const Names found = OrdersIn(folder);
    ASSERT_EQ(found.size(), 16u);
    for (int block = 0; block < 16; ++block) {
      EXPECT_EQ(found[static_cast<std::size_t>(block)], ToString(OrderOfBlock(seed, block)));
    }
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()),
              (std::set<std::string>{"ABBA", "BAAB"}));
    if (orders.contains(seed)) {
      EXPECT_EQ(orders[seed], found);
    }
    orders[seed] = found;
  }
  EXPECT_NE(orders[1], orders[2]);
}

TEST(BlockRunner, ValuesAreLogRatiosOfMediansOfBothClocks) {
  const FakeFolder folder;
  const auto outcome = Compare(folder.Fake("A", "bench 10 x\nbench 8 y/real_time\naggregates 4 z"),
                               folder.Fake("B", "bench 11 x\nbench 4 y/real_time\naggregates 4 z"),
                               {.max_blocks = 2});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stop, Stop::kMaxBlocks);
  EXPECT_EQ(outcome->blocks, 2);
  for (const auto& [name, ratio, base] :
       {std::tuple("x", 1.1, 10.0), std::tuple("y/real_time", 0.5, 8.0),
        std::tuple("z", 1.0, 4.0)}) {
    const BenchmarkBlocks& benchmark = outcome->values.at(name);
    EXPECT_EQ(benchmark.blocks, 2u);
    ASSERT_EQ(benchmark.medians.size(), 2u);
    const MetricSeries& cpu = benchmark.medians.at("cpu_time");
    const MetricSeries& real = benchmark.medians.at("real_time");
    ASSERT_EQ(cpu.blocks.size(), 2u);
    for (const double block : cpu.blocks) EXPECT_NEAR(block, std::log(ratio), 1e-12);
    EXPECT_EQ(cpu.base, std::vector<double>(4, base));
    EXPECT_EQ(cpu.head, std::vector<double>(4, base * ratio));
    EXPECT_EQ(real.base, std::vector<double>(4, 2 * base));
    EXPECT_TRUE(benchmark.counts.empty());
  }
  EXPECT_EQ(outcome->base->Fact("label"), "A");
  EXPECT_EQ(outcome->head->Fact("label"), "B");
}

TEST(BlockRunner, RunsOnlyWhatIsUndecided) {
  const FakeFolder folder;
  const std::string script = "bench 1 a\nbench 1 b\nbench 1 c\n";
  int calls = 0;
  const auto outcome = Compare(folder.Fake("A", script), folder.Fake("B", script), {},
                               [&](const BlockValues& values) {
                                 EXPECT_EQ(values.size(), 3u);
                                 ++calls;
                                 MoreBlocks more;
                                 if (calls < 2) more.benchmarks.insert("b");
                                 if (calls < 3) more.benchmarks.insert("c");
                                 more.benchmarks.insert("never heard of");
                                 return more;
                               });
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stop, Stop::kDecided);
  EXPECT_EQ(outcome->values.at("a").blocks, 1u);
  EXPECT_EQ(outcome->values.at("b").blocks, 2u);
  EXPECT_EQ(outcome->values.at("c").blocks, 3u);
  EXPECT_EQ(outcome->base->entries.size(), 9u);  // the first report, with everything
  EXPECT_EQ(outcome->head->entries.size(), 9u);
  const Names lines = folder.Lines("launches");
  ASSERT_EQ(lines.size(), 12u);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* expected = i < 4 ? "\ta\tb\tc" : i < 8 ? "3\tb\tc" : "3\tc";
    EXPECT_TRUE(lines[i].ends_with(expected)) << lines[i];
  }
}

TEST(BlockRunner, KeepsTheCountersThatItIsAskedFor) {
  const FakeFolder folder;
  const auto outcome = Compare(
      folder.Fake("A",
                  "bench 1 x\ncounter 2 n\ncounter 5 rps\nuneven 1 u\ncounter 1 other\nbench 1 y"),
      folder.Fake("B", "bench 1 y\nbench 1 x\ncounter 10 rps\nuneven 1 u"),
      {.max_blocks = 2, .metrics = {.medians = {"rps"}, .counts = {"n", "rps", "u"}}});
  ASSERT_TRUE(outcome.ok());
  const BenchmarkBlocks& x = outcome->values.at("x");
  ASSERT_EQ(x.medians.size(), 1u);
  EXPECT_NEAR(x.medians.at("rps").blocks.at(1), std::log(2), 1e-12);
  EXPECT_EQ(x.counts.size(), 2u);  // "u" varies
  EXPECT_EQ(x.counts.at("rps").head, (std::vector<double>{10, 10, 10, 10}));
  const MetricSeries& n = x.counts.at("n");
  EXPECT_EQ(n.base, (std::vector<double>{2, 2, 2, 2}));
  ASSERT_EQ(n.head.size(), 4u);
  for (const double value : n.head) EXPECT_TRUE(std::isnan(value));
  EXPECT_TRUE(std::isnan(n.blocks.at(0)));
  EXPECT_TRUE(outcome->values.at("y").medians.empty());
  EXPECT_EQ(outcome->values.at("y").blocks, 2u);
}

}  // namespace
}  // namespace assay::regression
