// Every key of the document arrives in its option.
#include "tools/serve/config.h"

#include <gtest/gtest.h>

#include <tuple>

namespace assay::serve {
namespace {

using namespace std::chrono_literals;

Config ConfigOf(const std::string& text) {
  auto config = ReadConfig("f.json", text);
  if (config) return std::move(*config);
  ADD_FAILURE() << config.error().message;
  return {};
}

fixture::Rule RuleOf(const std::string& keys) {
  const Config config = ConfigOf(R"({"rules": [{"name": "r")" + keys + "}]}");
  return config.server.plan.rules.empty() ? fixture::Rule{} : config.server.plan.rules.front();
}

fixture::GateOptions GateOf(const std::string& text) {
  return ConfigOf(R"({"gate": )" + text + "}").gate.value_or(fixture::GateOptions{});
}

TEST(ServeConfig, NothingGivenIsTheDefaultOfTheServer) {
  const Config config = ConfigOf("{}");
  const fixture::MockServerOptions standard;
  EXPECT_EQ(config.server.max_connections, standard.max_connections);
  EXPECT_EQ(config.server.plan.seed, standard.plan.seed);
  EXPECT_TRUE(config.server.plan.rules.empty());
  EXPECT_FALSE(config.server.capacity);
  EXPECT_FALSE(config.gate);
}

TEST(ServeConfig, CarriesThePlanOver) {
  const fixture::PlanOptions plan = ConfigOf(R"({
      "latency": "5ms", "jitter": 0.25, "error_rate": 0.5, "seed": 18446744073709551615,
      "rate_limit_after": 7, "retry_after_min_s": 2, "retry_after_max_s": 9,
      "rules": [{"name": "a"}, {"name": "b"}]})")
                                        .server.plan;
  EXPECT_EQ(plan.latency, 5ms);
  EXPECT_EQ(plan.jitter, 0.25);
  EXPECT_EQ(plan.error_rate, 0.5);
  EXPECT_EQ(plan.seed, 18446744073709551615u);
  EXPECT_EQ(plan.rate_limit_after, 7u);
  EXPECT_EQ(plan.retry_after_min_s, 2);
  EXPECT_EQ(plan.retry_after_max_s, 9);
  ASSERT_EQ(plan.rules.size(), 2u);
  EXPECT_EQ(plan.rules[0].name, "a");
  EXPECT_EQ(plan.rules[1].name, "b");
}

TEST(ServeConfig, CarriesTheServerOver) {
  const fixture::MockServerOptions server = ConfigOf(R"({
      "max_connections": 10000, "port": 65535, "journal_entries": 1000000,
      "capacity": {"slots": 3, "queue": 4, "reject": {"status": 529}}})")
                                                .server;
  EXPECT_EQ(server.max_connections, 10'000);
  EXPECT_EQ(server.port, 65535);
  EXPECT_EQ(server.journal_entries, 1'000'000u);
  ASSERT_TRUE(server.capacity);
  EXPECT_EQ(server.capacity->slots, 3);
  EXPECT_EQ(server.capacity->queue, 4);
  EXPECT_EQ(server.capacity->reject.status, 529);
  EXPECT_EQ(ConfigOf(R"({"capacity": {}})").server.capacity->reject.status, 503);
}

TEST(ServeConfig, NullIsNone) {
  const Config config = ConfigOf(R"({"rate_limit_after": null, "capacity": null, "gate": null})");
  EXPECT_FALSE(config.server.plan.rate_limit_after);
  EXPECT_FALSE(config.server.capacity);
  EXPECT_FALSE(config.gate);
}

TEST(ServeConfig, CarriesTheMatchOver) {
  const fixture::Match match = RuleOf(R"(, "match": {"method": "PUT", "path": "/a/{b}",
      "headers": {"X-B": "1", "X-A": null}})")
                                   .match;
  EXPECT_EQ(match.method, "PUT");
  EXPECT_EQ(match.path, "/a/{b}");
  ASSERT_EQ(match.headers.size(), 2u);
  EXPECT_EQ(match.headers[0].name, "X-B") << "in the order written";
  EXPECT_EQ(match.headers[0].value, "1");
  EXPECT_EQ(match.headers[1].name, "X-A");
  EXPECT_EQ(match.headers[1].value, std::nullopt);
}

TEST(ServeConfig, HeadersMayBeAListToo) {
  const auto headers = RuleOf(R"(, "match": {"headers":
      [{"name": "X-A", "value": "1"}, {"name": "X-A"}, {"name": "X-B", "value": null}]})")
                           .match.headers;
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[0].value, "1");
  EXPECT_EQ(headers[1].name, "X-A");
  EXPECT_EQ(headers[1].value, std::nullopt);
  EXPECT_EQ(headers[2].name, "X-B");
  EXPECT_EQ(headers[2].value, std::nullopt);
}

TEST(ServeConfig, CarriesTheAnswerOver) {
  const auto answer = RuleOf(R"(, "answer": {"status": 418, "body": "tea\n", "form": "chunked",
      "headers": [{"name": "B", "value": "1"}, {"name": "A", "value": ""},
                  {"name": "B", "value": "2"}]})")
                          .answer;
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 418);
  EXPECT_EQ(answer->body, "tea\n");
  EXPECT_EQ(answer->form, fixture::MessageForm::kChunked);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(answer->headers, (Headers{{"B", "1"}, {"A", ""}, {"B", "2"}}));
}

TEST(ServeConfig, KnowsEveryFormOfMessage) {
  using enum fixture::MessageForm;
  for (const auto& [name, form] :
       {std::pair("length", kLength), std::pair("chunked", kChunked),
        std::pair("until_close", kUntilClose), std::pair("nothing", kNothing),
        std::pair("half_head", kHalfHead), std::pair("length_too_long", kLengthTooLong),
        std::pair("length_too_short", kLengthTooShort), std::pair("bad_chunk", kBadChunk),
        std::pair("half_chunk", kHalfChunk), std::pair("garbage", kGarbage)}) {
    const auto answer = RuleOf(R"(, "answer": {"form": ")" + std::string(name) + "\"}").answer;
    EXPECT_EQ(answer.value_or(fixture::CannedAnswer{}).form, form) << name;
  }
}

TEST(ServeConfig, CarriesTheRestOfARuleOver) {
  const fixture::Rule rule = RuleOf(R"(, "key_header": "X-Key", "exactly_in": 100, "hold": true,
      "faults": [{"name": "a", "rate": 0.25, "answer": {"status": 500}}, {"name": "b"}],
      "window": {"from": "1s", "until": "2s"},
      "scenario": {"scenario": "s", "when": "", "then": "t"}, "latency": "3ms")");
  EXPECT_EQ(rule.key_header, "X-Key");
  EXPECT_EQ(rule.exactly_in, 100u);
  EXPECT_TRUE(rule.hold);
  ASSERT_EQ(rule.faults.size(), 2u);
  EXPECT_EQ(rule.faults[0].name, "a");
  EXPECT_EQ(rule.faults[0].rate, 0.25);
  EXPECT_EQ(rule.faults[0].answer.status, 500);
  EXPECT_EQ(rule.faults[1].name, "b");
  ASSERT_TRUE(rule.window);
  EXPECT_EQ(rule.window->from, 1s);
  EXPECT_EQ(rule.window->until, 2s);
  ASSERT_TRUE(rule.scenario);
  EXPECT_EQ(rule.scenario->scenario, "s");
  EXPECT_EQ(rule.scenario->when, "");
  EXPECT_EQ(rule.scenario->then, "t");
  EXPECT_EQ(rule.latency.Quantile(0.5), 3ms);
  EXPECT_FALSE(rule.answer);
}

TEST(ServeConfig, CarriesAttemptsAndTheOtherFaultsOver) {
  const fixture::Rule rule = RuleOf(R"(, "faults": [{"name": "a", "every": 3}],
      "attempts": [{"answer": {"status": 429}}, {"latency": "1s"}],
      "scenario": {"scenario": "s", "then": "t"}, "window": {"from": "1s"})");
  EXPECT_EQ(rule.faults.at(0).every, 3u);
  ASSERT_EQ(rule.attempts.size(), 2u);
  EXPECT_EQ(rule.attempts[0].answer.value_or(fixture::CannedAnswer{}).status, 429);
  EXPECT_EQ(rule.attempts[0].latency, std::nullopt);
  EXPECT_FALSE(rule.attempts[1].answer);
  EXPECT_EQ(rule.attempts[1].latency, 1s);
  EXPECT_EQ(rule.scenario->when, std::nullopt);
  EXPECT_EQ(rule.window->until, Duration::max());
}

TEST(ServeConfig, KnowsEveryDistribution) {
  using fixture::Latency;
  const std::pair<const char*, Latency> cases[] = {
      {R"("5ms")", Latency::Fixed(5ms)},
      {R"({"fixed": "5ms"})", Latency::Fixed(5ms)},
      {R"({"uniform": {"low": "1ms", "high": "3ms"}})", Latency::Uniform(1ms, 3ms)},
      {R"({"exponential": {"mean": "4ms"}})", Latency::Exponential(4ms)},
      {R"({"log_normal": {"median": "2ms", "p99": "9ms"}})", Latency::LogNormal(2ms, 9ms)},
      {R"({"percentiles": [{"percent": 50, "latency": "1ms"}, {"percent": 99.5, "latency": "7ms"}]})",
       Latency::Percentiles({{50, 1ms}, {99.5, 7ms}})},
      {R"({"histogram": [{"upper": "1ms", "count": 3}, {"upper": "9ms", "count": 1}]})",
       Latency::Histogram({{1ms, 3}, {9ms, 1}})},
  };
  for (const auto& [text, expected] : cases) {
    const Latency latency = RuleOf(std::string(R"(, "latency": )") + text).latency;
    for (const double unit : {0.0, 0.1, 0.5, 0.8, 0.99}) {
      EXPECT_EQ(latency.Quantile(unit), expected.Quantile(unit)) << text << " at " << unit;
    }
  }
}

TEST(ServeConfig, CarriesTheGateOver) {
  const Config config = ConfigOf(R"({"gate": {"threads": 64, "tls": {
      "certificate": "expired", "names": ["a.test", "::1"], "only_tls_1_2": true,
      "client_certificate": true}}, "seed": 9})");
  ASSERT_TRUE(config.gate);
  EXPECT_EQ(config.gate->threads, 64);
  EXPECT_EQ(config.gate->seed, 9u) << "one seed for all";
  EXPECT_TRUE(config.gate->protocol.key) << "it is HTTP";
  ASSERT_TRUE(config.gate->tls);
  EXPECT_EQ(config.gate->tls->certificate, fixture::CertificateKind::kExpired);
  EXPECT_EQ(config.gate->tls->names, (std::vector<std::string>{"a.test", "::1"}));
  EXPECT_TRUE(config.gate->tls->only_tls_1_2);
  EXPECT_TRUE(config.gate->tls->client_certificate);
  EXPECT_FALSE(GateOf("{}").tls);
}

TEST(ServeConfig, KnowsEveryKindOfCertificate) {
  using enum fixture::CertificateKind;
  for (const auto& [name, kind] :
       {std::pair("good", kGood), std::pair("self_signed", kSelfSigned),
        std::pair("expired", kExpired), std::pair("not_yet_valid", kNotYetValid),
        std::pair("wrong_host", kWrongHost), std::pair("unknown_authority", kUnknownAuthority)}) {
    const auto tls = GateOf(R"({"tls": {"certificate": ")" + std::string(name) + "\"}}").tls;
    ASSERT_TRUE(tls);
    EXPECT_EQ(tls->certificate, kind) << name;
    EXPECT_EQ(tls->names.size(), 2u) << "the default";
  }
}

TEST(ServeConfig, CarriesTheFaultsOfTheGateOver) {
  const fixture::GateOptions gate = GateOf(R"({
      "connection_faults": [{"name": "c", "when": {"nth": [2, 5]},
                             "action": {"at": "response_end", "after": 3, "effect": "close"}}],
      "exchange_faults": [
        {"name": "d", "when": {"rate": 0.5},
         "action": {"at": "request_start", "effect": "delay", "delay": "7ms"}},
        {"name": "e", "when": {"every": 4},
         "action": {"at": "response_start", "effect": "dribble", "piece_bytes": 2,
                    "interval": "3ms"}},
        {"name": "f", "when": {"every": 1},
         "action": {"at": "response_bytes", "effect": "throttle", "bytes_per_second": 11}},
        {"name": "g", "when": {"every": 1},
         "action": {"at": "request_bytes", "effect": "corrupt", "positions": [1, 4]}},
        {"name": "h", "when": {"every": 1},
         "action": {"at": "response_start", "effect": "corrupt", "flips": 2, "flip_within": 30}}
      ]})");
  ASSERT_EQ(gate.connection_faults.size(), 1u);
  const fixture::ConnectionFault& c = gate.connection_faults.front();
  EXPECT_EQ(c.name, "c");
  EXPECT_EQ(c.when.nth, (std::vector<std::uint64_t>{2, 5}));
  EXPECT_EQ(c.action.at, fixture::FaultPoint::kResponseEnd);
  EXPECT_EQ(c.action.after, 3u);
  EXPECT_EQ(c.action.effect, fixture::FaultEffect::kClose);
  ASSERT_EQ(gate.exchange_faults.size(), 5u);
  const auto& faults = gate.exchange_faults;
  EXPECT_EQ(faults[0].name, "d");
  EXPECT_EQ(faults[0].when.rate, 0.5);
  EXPECT_EQ(faults[0].action.delay, 7ms);
  EXPECT_EQ(faults[1].when.every, 4u);
  EXPECT_EQ(faults[1].action.piece_bytes, 2u);
  EXPECT_EQ(faults[1].action.interval, 3ms);
  EXPECT_EQ(faults[2].action.bytes_per_second, 11u);
  EXPECT_EQ(faults[3].action.positions, (std::vector<std::uint64_t>{1, 4}));
  EXPECT_EQ(faults[4].action.flips, 2u);
  EXPECT_EQ(faults[4].action.flip_within, 30u);
}

TEST(ServeConfig, KnowsEveryPointOfTheWire) {
  using enum fixture::FaultPoint;
  for (const auto& [list, name, point] :
       {std::tuple("connection_faults", "accept", kAccept),
        std::tuple("connection_faults", "handshake", kHandshake),
        std::tuple("exchange_faults", "request_start", kRequestStart),
        std::tuple("exchange_faults", "request_bytes", kRequestBytes),
        std::tuple("exchange_faults", "response_start", kResponseStart),
        std::tuple("exchange_faults", "response_bytes", kResponseBytes),
        std::tuple("exchange_faults", "response_end", kResponseEnd)}) {
    const fixture::GateOptions gate =
        GateOf(std::string("{\"") + list + R"(": [{"name": "f", "when": {"every": 1},
               "action": {"effect": "stall", "at": ")" +
               name + "\"}}]}");
    const bool connection = list == std::string_view("connection_faults");
    const auto& action =
        connection ? gate.connection_faults.at(0).action : gate.exchange_faults.at(0).action;
    EXPECT_EQ(action.at, point) << name;
    EXPECT_EQ(action.effect, fixture::FaultEffect::kStall);
  }
}

TEST(ServeConfig, TheExampleIsAccepted) {
  const auto config = ReadConfigFile(ASSAY_SOURCE_DIR "/tools/serve/example.json");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.plan.rules.size(), 2u);
  EXPECT_TRUE(config->gate);
}

}  // namespace
}  // namespace assay::serve
