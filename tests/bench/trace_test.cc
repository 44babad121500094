#include "bench/regression/trace.h"

#include <gtest/gtest.h>

namespace assay::regression {
namespace {

TraceBlock SomeBlock() {
  TraceBlock block{.extra = 0.05, .round = 7, .order = BlockOrder::kBaab};
  block.ns["a/b\"c"] = {Repetitions{1.0 / 3, 2}, {3}, {4, 5, 6}, {7e-9}};
  return block;
}

TraceReport SomeReport() { return {.extra = 1, .report = 4, .ns = {{"x", {0.1, 2371.25}}}}; }

TEST(Traces, ComeBackBitByBit) {
  const TraceHeader header{.seed = ~std::uint64_t{0},
                           .min_time_s = 0.0015,
                           .repetitions = 5,
                           .report_min_time_s = 0.25,
                           .cpu = 3,
                           .load = false};
  const auto traces =
      ParseTraces("t", LineOf(header) + LineOf(SomeBlock()) + LineOf(SomeReport())).value();
  EXPECT_EQ(traces.header.seed, header.seed);
  EXPECT_EQ(traces.header.min_time_s, header.min_time_s);
  EXPECT_EQ(traces.header.repetitions, header.repetitions);
  EXPECT_EQ(traces.header.report_min_time_s, header.report_min_time_s);
  EXPECT_EQ(traces.header.cpu, header.cpu);
  EXPECT_EQ(traces.header.load, header.load);
  ASSERT_EQ(traces.blocks.size(), 1u);
  EXPECT_EQ(traces.blocks[0].extra, 0.05);
  EXPECT_EQ(traces.blocks[0].round, 7);
  EXPECT_EQ(traces.blocks[0].order, BlockOrder::kBaab);
  EXPECT_EQ(traces.blocks[0].ns, SomeBlock().ns);
  ASSERT_EQ(traces.reports.size(), 1u);
  EXPECT_EQ(traces.reports[0].extra, 1);
  EXPECT_EQ(traces.reports[0].report, 4);
  EXPECT_EQ(traces.reports[0].ns, SomeReport().ns);
}

TEST(Traces, MayHaveNoCpuAndTheOtherOrder) {
  TraceBlock block = SomeBlock();
  block.order = BlockOrder::kAbba;
  const auto traces = ParseTraces("t", LineOf(TraceHeader{}) + LineOf(block)).value();
  EXPECT_FALSE(traces.header.cpu.has_value());
  EXPECT_TRUE(traces.header.load);
  EXPECT_EQ(traces.blocks[0].order, BlockOrder::kAbba);
}

std::string Refusal(const std::string& text) {
  const auto traces = ParseTraces("file", text);
  return traces.ok() ? "" : traces.error().message;
}

TEST(Traces, WhatIsNoTraceIsRefusedWithItsLine) {
  const std::string header = LineOf(TraceHeader{});
  EXPECT_EQ(Refusal(""), "file:0: empty; a file of traces begins with a header");
  EXPECT_EQ(Refusal("{}\n"), "file:1: not the header of a file of traces");
  EXPECT_EQ(Refusal("{\"assay_traces\":2}\n"), "file:1: traces of another version than 1");
  EXPECT_EQ(Refusal(header + LineOf(SomeBlock()) + "{\"extra\":0}\n"),
            "file:3: neither a block nor a report of a trace");
  std::string cut = LineOf(SomeReport());
  cut.resize(cut.size() / 2);
  EXPECT_EQ(Refusal(header + cut), "file:2: neither a block nor a report of a trace");
}

TEST(Traces, TimesThatAreNoneAreRefused) {
  const std::string header = LineOf(TraceHeader{});
  const std::string message = "file:2: an order other than ABBA and BAAB, or a time not above 0";
  TraceBlock block = SomeBlock();
  block.ns.begin()->second[3] = {0};
  EXPECT_EQ(Refusal(header + LineOf(block)), message);
  block.ns.begin()->second[3] = {};
  EXPECT_EQ(Refusal(header + LineOf(block)), message);
  TraceReport report = SomeReport();
  report.ns["x"].push_back(-1);
  EXPECT_EQ(Refusal(header + LineOf(report)), message);
  std::string other = LineOf(SomeBlock());
  other.replace(other.find("BAAB"), 4, "ABAB");
  EXPECT_EQ(Refusal(header + other), message);
}

}  // namespace
}  // namespace assay::regression
