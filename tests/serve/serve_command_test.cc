// `assay serve` as its users see it: what it prints, what it answers, how it ends.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <string>

#include "tests/fixtures/raw_client.h"
#include "tests/fixtures/wire_client.h"
#include "tests/serve/serve_scene.h"

namespace assay::serve {
namespace {

using fixture::Fetch;
using fixture::RawClient;

TEST(ServeCommand, AnswersAndTellsInTheEndWhatThereWas) {
  ServeChild child({"--error-rate", "1", "--latency", "1us"});
  const std::uint16_t port = child.Port();
  EXPECT_EQ(Fetch(port, "/get").status, 500);
  EXPECT_EQ(Fetch(port, "/health").status, 200);
  const End end = Stop(child);
  EXPECT_EQ(end.status, 0);
  EXPECT_TRUE(end.errors.starts_with("requests: 2 on 2 connections\ndelays: 1, planned 1 us, "))
      << end.errors;
  EXPECT_NE(end.errors.find("\nfaults: 1 error\n"), std::string::npos) << end.errors;
}

TEST(ServeCommand, GoesByTheFileAndTheOptionsGoBeforeIt) {
  const TemporaryFile file(R"({"seed": 1, "rate_limit_after": 0, "error_rate": 1, "rules": [
      {"name": "tea", "match": {"path": "/tea"}, "answer": {"status": 418, "body": "short"}}]})");
  ServeChild child({"--config", file.path(), "--rate-limit-after", "1", "--error-rate", "0"});
  const std::uint16_t port = child.Port();
  const fixture::RawResponse tea = Fetch(port, "/tea");
  EXPECT_EQ(tea.status, 418);
  EXPECT_EQ(tea.body, "short");
  EXPECT_EQ(Fetch(port, "/get").status, 200);
  EXPECT_EQ(Fetch(port, "/get").status, 429);
  const End end = Stop(child);
  EXPECT_NE(end.errors.find("\nfaults: 1 rate limited\nrule \"tea\": 1 request, 0 faulted\n"),
            std::string::npos)
      << end.errors;
}

// Which of 64 requests fail.
std::string FatesOf(const Words& arguments) {
  ServeChild child(arguments);
  RawClient client(child.Port());
  std::string fates;
  for (int i = 0; i < 64; ++i) {
    const int status = client.Get("/get", "X-Request-Id: " + std::to_string(i) + "\r\n").status;
    fates += status == 200 ? '.' : 'x';
  }
  EXPECT_EQ(Stop(child).status, 0);
  return fates;
}

TEST(ServeCommand, TheSeedDecidesWhoFails) {
  const TemporaryFile file(R"({"seed": 7, "error_rate": 0.5})");
  const std::string fates = FatesOf({"--error-rate", "0.5", "--seed", "7"});
  EXPECT_EQ(FatesOf({"--config", file.path()}), fates);
  EXPECT_NE(FatesOf({"--config", file.path(), "--seed", "8"}), fates);
}

TEST(ServeCommand, TheSeedIsTheGatesToo) {
  // Of a faulted response the first digit of the status is none.
  const std::string gate = R"("gate": {"exchange_faults": [{"name": "f", "when": {"rate": 0.5},
      "action": {"at": "response_start", "effect": "corrupt", "positions": [9]}}]}})";
  const TemporaryFile seven(R"({"seed": 7, )" + gate);
  const TemporaryFile eight(R"({"seed": 8, )" + gate);
  const std::string fates = FatesOf({"--config", seven.path()});
  EXPECT_NE(fates, std::string(64, '.'));
  EXPECT_NE(FatesOf({"--config", eight.path()}), fates);
  EXPECT_EQ(FatesOf({"--config", eight.path(), "--seed", "7"}), fates);
}

TEST(ServeCommand, MaxConnectionsAndJitterArrive) {
  ServeChild child({"--max-connections", "1", "--latency", "1ms", "--jitter", "1"});
  EXPECT_EQ(Fetch(child.Port(), "/get").status, 200);
  const std::string errors = Stop(child).errors;
  EXPECT_NE(errors.find("invalid: "), std::string::npos) << errors;
  EXPECT_EQ(errors.find("planned 1 ms"), std::string::npos) << errors;
}

TEST(ServeCommand, TheJournalHasALineForEachRequest) {
  const TemporaryFile file(R"({"rules": [{"name": "r", "match": {"path": "/x"},
      "faults": [{"name": "busy", "every": 1, "answer": {"status": 503}}]}]})");
  ServeChild child({"--config", file.path(), "--journal"});
  const std::uint16_t port = child.Port();
  EXPECT_EQ(Fetch(port, "/x?y=1").status, 503);
  // While it runs.
  const std::string line = child.ErrLine();
  EXPECT_TRUE(line.starts_with("GET /x?y=1 503, ")) << line;
  EXPECT_TRUE(line.ends_with(", rule \"r\", fault \"busy\"")) << line;
  Fetch(port, "/health");
  const std::string errors = Stop(child).errors;
  EXPECT_TRUE(errors.starts_with("GET /health 200, ")) << errors;
  EXPECT_NE(errors.find("\nrequests: 2 on "), std::string::npos) << errors;
  EXPECT_NE(errors.find("\nrule \"r\": 1 request, 1 faulted\n"), std::string::npos) << errors;
}

// "/slow" takes a minute; "/probe" is 200 once that has begun.
constexpr const char* kSlow = R"({"rules": [
    {"name": "slow", "match": {"path": "/slow"}, "latency": "60s",
     "scenario": {"scenario": "s", "then": "begun"}, "answer": {}},
    {"name": "probe", "match": {"path": "/probe"}, "answer": {},
     "scenario": {"scenario": "s", "when": "begun"}}]})";

TEST(ServeCommand, BothSignalsStopItWhileADelayRuns) {
  const TemporaryFile file(kSlow);
  for (const int signal : {SIGTERM, SIGINT}) {
    ServeChild child({"--config", file.path(), "--journal"});
    const std::uint16_t port = child.Port();
    RawClient client(port);
    client.Send(RawClient::Text("GET", "/slow"));
    fixture::Await([&] { return Fetch(port, "/probe").status == 200; });
    child.Kill(signal);
    EXPECT_EQ(client.ReadToEnd(), "") << "cut off, within the client's patience of 10 s";
    EXPECT_EQ(child.Wait(), 0);
    const std::string errors = child.Errors();
    EXPECT_NE(errors.find("GET /slow cut off, "), std::string::npos) << errors;
  }
}

TEST(ServeCommand, ASecondSignalChangesNothing) {
  ServeChild child({});
  child.Port();
  child.Kill(SIGINT);
  EXPECT_EQ(Stop(child).status, 0);
}

TEST(ServeCommand, ASignalStopsItWhileAnExchangeStalls) {
  const TemporaryFile file(R"({"gate": {"exchange_faults": [{"name": "silence",
      "when": {"every": 1}, "action": {"at": "response_bytes", "after": 5, "effect": "stall"}}]}})");
  ServeChild child({"--config", file.path()});
  const fixture::WireClient client(child.Port());
  EXPECT_TRUE(client.Send(RawClient::Text("GET", "/get")));
  EXPECT_EQ(client.Hear(5).bytes, "HTTP/");
  const End end = Stop(child);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(client.Hear().bytes, "");
  EXPECT_NE(end.errors.find("\ngate: 1 connection, 1 exchange, fault \"silence\" 1\n"),
            std::string::npos)
      << end.errors;
}

TEST(ServeCommand, DoesNotMindThatNobodyReadsWhatItSays) {
  ServeChild child({"--journal"});
  const std::uint16_t port = child.Port();
  child.CloseOutputs();
  EXPECT_EQ(Fetch(port, "/get").status, 200);
  child.Kill(SIGTERM);
  EXPECT_EQ(child.Wait(), 0);
}

TEST(ServeCommand, TheLongestLatencyIsAccepted) {
  ServeChild child({"--latency", "60s"});
  EXPECT_EQ(Fetch(child.Port(), "/health").status, 200);
}

TEST(ServeCommand, TheExampleRuns) {
  ServeChild child({"--config", ASSAY_SOURCE_DIR "/tools/serve/example.json", "--port", "0"});
  RawClient client(child.Port());
  EXPECT_EQ(client.Exchange(RawClient::Text("POST", "/orders", "X-Request-Id: 1\r\n")).status, 429);
  EXPECT_EQ(Stop(child).status, 0);
}

}  // namespace
}  // namespace assay::serve
