// What every engine must do, whatever its name: the suite runs over subjects ×
// pooling strategies × plain text and TLS. One program has our engines for
// subjects, all that EngineKinds() names; another one the peers of bench/peers,
// which may lack something. TLS ends in a gate before the server, which sees the
// same requests as without.
#ifndef ASSAY_TESTS_ENGINES_CONFORMANCE_H_
#define ASSAY_TESTS_ENGINES_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "assay/engines/engines.h"
#include "assay/fixture/gate/gate.h"
#include "tests/engines/collector.h"

namespace assay {

enum class Wire { kPlain, kTls };

// Each program that runs the suite says whom it is about.
std::vector<EngineKind> ConformanceSubjects();
// Why a subject does not take part in a test; empty when it does.
std::string WhyNot(const EngineKind& subject, Pooling pooling, std::string_view test);
// Whether its errors are held against the exact message, and not only their kind.
bool HasOurMessages(const EngineKind& subject);

class EngineConformance : public testing::TestWithParam<std::tuple<EngineKind, Pooling, Wire>> {
 protected:
  void SetUp() override {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    const std::string why = WhyNot(kind(), pooling(), test.substr(0, test.find('/')));
    if (!why.empty()) GTEST_SKIP() << why;
  }

  const EngineKind& kind() const { return std::get<0>(GetParam()); }
  Pooling pooling() const { return std::get<1>(GetParam()); }
  bool tls() const { return std::get<2>(GetParam()) == Wire::kTls; }
  int concurrency() const { return std::min(4, kind().max_concurrency); }

  // The port by which engines that are made afterwards reach a server: its own, or
  // that of a gate before it that speaks TLS.
  std::uint16_t Reach(std::uint16_t server) {
    if (!tls()) return server;
    gates_.push_back(std::make_unique<fixture::Gate>(
        fixture::GateOptions{.upstream_port = server, .tls = fixture::TlsOptions{}}));
    trusted_ += gates_.back()->AuthorityPem();
    return gates_.back()->port();
  }

  // From now on `server`, the last that is reached, takes no connection.
  template <class Server>
  void StopListening(const Server& server) {
    if (tls()) {
      gates_.back()->Refuse();
    } else {
      server.StopListening();
    }
  }

  // Long enough for a connection, which with TLS takes some arithmetic.
  std::chrono::milliseconds patience() const { return std::chrono::milliseconds(tls() ? 300 : 30); }

  std::unique_ptr<Engine> MakeEngine(ConnectionOptions connection = {}) const {
    connection.tls.ca_pem = trusted_;
    return kind().make(
        {.concurrency = concurrency(), .pooling = pooling(), .connection = connection});
  }

  std::unique_ptr<Engine> MakeEngineWith(const PoolOptions& pool, int concurrency,
                                         ConnectionOptions connection = {}) const {
    connection.tls.ca_pem = trusted_;
    return kind().make(
        {.concurrency = concurrency, .pooling = pooling(), .connection = connection, .pool = pool});
  }

  // For tests that say which request comes after which.
  std::unique_ptr<Engine> MakeEngineForOneAtATime(ConnectionOptions connection = {}) const {
    connection.tls.ca_pem = trusted_;
    return kind().make({.concurrency = 1, .pooling = pooling(), .connection = connection});
  }

  // `port` comes from Reach().
  Request Get(std::uint16_t port, const std::string& target = "/") const {
    return {Method::kGet, Url{"127.0.0.1", port, target, tls()}, {}, {}};
  }

  // Runs `count` requests on a new engine and returns what arrived.
  Collector Run(const Request& request, std::uint64_t count, ConnectionOptions connection = {}) {
    Collector collector;
    summary_ = MakeEngine(connection)->Run({{request}, count, {}}, collector);
    EXPECT_EQ(summary_.requests, count);
    EXPECT_EQ(collector.results.size(), count);
    return collector;
  }

  // Every result has this error; returns the message of the first.
  static std::string ExpectAllFail(const Collector& collector, ErrorCode code) {
    for (const RequestResult& result : collector.results) {
      if (result.ok()) {
        ADD_FAILURE() << "no error, status " << result.status;
        return {};
      }
      EXPECT_EQ(ToString(result.error->code), ToString(code)) << result.error->message;
    }
    return collector.results.empty() ? "" : collector.results.front().error->message;
  }

  // `message` without its beginning, which has to be "receive from" the server.
  std::string AfterReceiveFrom(const std::string& message) const {
    if (!HasOurMessages(kind())) return message;
    EXPECT_EQ(message.find("receive from 127.0.0.1:"), 0u) << message;
    return message.substr(std::min(message.size(), message.find(": ") + 2));
  }

  void ExpectMessage(const std::string& message, const std::string& expected) const {
    if (!HasOurMessages(kind())) return;
    EXPECT_EQ(message, expected);
  }

  RunSummary summary_;
  std::vector<std::unique_ptr<fixture::Gate>> gates_;
  std::string trusted_;  // their authorities
};

inline std::string ConformanceName(
    const testing::TestParamInfo<EngineConformance::ParamType>& info) {
  return std::string(std::get<0>(info.param).name) + "_" +
         std::string(ToString(std::get<1>(info.param))) +
         (std::get<2>(info.param) == Wire::kTls ? "_tls" : "");
}

// TLS with the engines that speak it.
inline std::vector<EngineConformance::ParamType> ConformanceParams() {
  std::vector<EngineConformance::ParamType> params;
  for (const EngineKind& kind : ConformanceSubjects()) {
    for (const Pooling pooling : {Pooling::kNaive, Pooling::kPooled}) {
      params.emplace_back(kind, pooling, Wire::kPlain);
      if (kind.tls) params.emplace_back(kind, pooling, Wire::kTls);
    }
  }
  return params;
}

#define ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Suite)                                      \
  INSTANTIATE_TEST_SUITE_P(AllEngines, Suite, testing::ValuesIn(ConformanceParams()), \
                           ConformanceName)

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_CONFORMANCE_H_
