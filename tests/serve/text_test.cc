#include "tools/serve/text.h"

#include <gtest/gtest.h>

namespace assay::serve {
namespace {

using namespace std::chrono_literals;

TEST(ServeSummary, LeavesOutWhatDidNotHappen) {
  Served served;
  EXPECT_EQ(Summary(served), "requests: 0 on 0 connections\n");
  served.stats.requests = 3;
  served.stats.connections = 1;
  EXPECT_EQ(Summary(served), "requests: 3 on 1 connection\n");
}

TEST(ServeSummary, TellsDelaysAsPlannedAndAsInjected) {
  Served served;
  served.audit.delayed = 3;
  served.audit.planned_mean = 5ms;
  served.audit.injected_mean = 5020us;
  served.audit.overshoot_p50 = 21us;
  served.audit.overshoot_p99 = 60us;
  served.audit.overshoot_max = 61us;
  EXPECT_EQ(Summary(served),
            "requests: 0 on 0 connections\n"
            "delays: 3, planned 5 ms, injected 5.02 ms on average; too late by 21 us (p50), 60 us "
            "(p99), 61 us (most)\n");
}

TEST(ServeSummary, CountsFaultsByTheirKind) {
  Served served;
  served.stats.errors_injected = 1;
  served.stats.rate_limited = 2;
  EXPECT_EQ(Summary(served), "requests: 0 on 0 connections\nfaults: 1 error, 2 rate limited\n");
  served.stats.errors_injected = 2;
  served.stats.rate_limited = 0;
  served.stats.rejected = 3;
  served.stats.unmatched = 4;
  EXPECT_EQ(Summary(served),
            "requests: 0 on 0 connections\n"
            "faults: 2 errors, 3 without a slot, 4 met neither rule nor route\n");
}

TEST(ServeSummary, HasALineForEachRule) {
  Served served;
  served.rules = {{.name = "a", .met = 1, .faulted = 0}, {.name = "b", .met = 9, .faulted = 4}};
  EXPECT_EQ(Summary(served),
            "requests: 0 on 0 connections\n"
            "rule \"a\": 1 request, 0 faulted\nrule \"b\": 9 requests, 4 faulted\n");
}

TEST(ServeSummary, TellsWhatTheGateDid) {
  Served served;
  served.gate.emplace();
  served.gate->connections = 2;
  served.gate->exchanges = 1;
  served.gate->injected = {{"cut", 1}, {"line\nbreak", 0}};
  EXPECT_EQ(Summary(served),
            "requests: 0 on 0 connections\n"
            "gate: 2 connections, 1 exchange, fault \"cut\" 1, fault \"line?break\" 0\n");
  served.gate->injected.clear();
  served.gate->handshakes_failed = 1;
  EXPECT_EQ(Summary(served),
            "requests: 0 on 0 connections\n"
            "gate: 2 connections, 1 exchange, 1 failed handshake\n");
}

TEST(ServeSummary, EndsWithWhatMustNotBeBelieved) {
  Served served;
  served.audit.invalid = "the server was full";
  EXPECT_EQ(Summary(served), "requests: 0 on 0 connections\ninvalid: the server was full\n");
}

fixture::JournalEntry Entry(std::uint64_t sequence) {
  fixture::JournalEntry entry;
  entry.sequence = sequence;
  entry.request = "GET /" + std::to_string(sequence);
  entry.status = 200;
  entry.answered = entry.arrived + 5ms;
  return entry;
}

TEST(ServeJournal, ALineSaysWhatBecameOfARequest) {
  fixture::JournalEntry entry = Entry(1);
  EXPECT_EQ(LineOf(entry), "GET /1 200, 5 ms\n");
  entry.rule = "users";
  entry.fault = "busy";
  EXPECT_EQ(LineOf(entry), "GET /1 200, 5 ms, rule \"users\", fault \"busy\"\n");
  entry.status = 0;
  entry.request = "GET /\x1b[2J";
  EXPECT_EQ(LineOf(entry), "GET /?[2J cut off, 5 ms, rule \"users\", fault \"busy\"\n");
}

TEST(ServeJournal, ShowsEachRequestOnceAndCountsTheLostOnes) {
  std::uint64_t last = 0;
  EXPECT_EQ(LinesAfter(last, {}), "");
  EXPECT_EQ(LinesAfter(last, {Entry(1), Entry(2)}), "GET /1 200, 5 ms\nGET /2 200, 5 ms\n");
  EXPECT_EQ(LinesAfter(last, {Entry(2), Entry(3)}), "GET /3 200, 5 ms\n");
  EXPECT_EQ(LinesAfter(last, {Entry(5), Entry(6)}),
            "1 request not shown\nGET /5 200, 5 ms\nGET /6 200, 5 ms\n");
  EXPECT_EQ(LinesAfter(last, {Entry(5), Entry(6)}), "");
}

}  // namespace
}  // namespace assay::serve
