// Conformance: what engines make of a server that is slow, wrong or rude by its plan, and
// that the same engine gets all answers as soon as the plan is a good one.
#include <set>

#include "tests/engines/conformance.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

using fixture::CannedAnswer;
using fixture::MessageForm;
using fixture::PlanOptions;
using fixture::Rule;
using std::chrono::milliseconds;

constexpr std::string_view kHello = "hello";

class ServerFaults : public EngineConformance {
 protected:
  void SetUp() override {
    EngineConformance::SetUp();
    if (IsSkipped()) return;
    port_ = Reach(server_.port());
    server_.SetPlan(Answering({.body = std::string(kHello)}));
  }

  // Everybody gets this.
  static PlanOptions Answering(CannedAnswer answer) {
    return {.rules = {{.name = "all", .answer = std::move(answer)}}};
  }

  std::uint64_t slots() const { return static_cast<std::uint64_t>(concurrency()); }

  Collector RunOn(Engine& engine, std::uint64_t count) const {
    Collector got;
    engine.Run({{Get(port_, "/get")}, count, {}}, got);
    EXPECT_EQ(got.results.size(), count);
    return got;
  }

  // From now on the server answers right.
  void ExpectWorks(Engine& engine) {
    server_.SetPlan(Answering({.body = std::string(kHello)}));
    const Collector got = RunOn(engine, 12);
    for (std::size_t i = 0; i < got.results.size(); ++i) {
      EXPECT_TRUE(got.results[i].ok()) << got.results[i].error->message;
      EXPECT_EQ(got.bodies[i], kHello);
    }
  }

  void ExpectFailsThenWorks(const PlanOptions& plan, ErrorCode code, const std::string& message,
                            const ConnectionOptions& connection = {}) {
    SCOPED_TRACE(message);
    server_.SetPlan(plan);
    const auto engine = MakeEngine(connection);
    const Collector got = RunOn(*engine, 2 * slots());
    const std::string said = ExpectAllFail(got, code);
    const bool received =
        code == ErrorCode::kConnectionClosed || code == ErrorCode::kMalformedResponse;
    ExpectMessage(received ? AfterReceiveFrom(said) : said, message);
    ExpectWorks(*engine);
  }

  SmallServer server_;
  std::uint16_t port_ = 0;
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(ServerFaults);

TEST_P(ServerFaults, AStatusIsAnErrorOfItsOwnAndTheConnectionGoesOn) {
  const auto engine = MakeEngine();
  for (const int status : {400, 404, 429, 500, 503, 599}) {
    SCOPED_TRACE(status);
    server_.SetPlan(Answering({.status = status, .body = std::string(kHello)}));
    const Collector got = RunOn(*engine, 2 * slots());
    EXPECT_EQ(ExpectAllFail(got, ErrorCode::kHttpStatus), "HTTP " + std::to_string(status));
    for (const RequestResult& result : got.results) EXPECT_EQ(result.status, status);
    for (const std::string& body : got.bodies) EXPECT_EQ(body, kHello);
  }
  ExpectWorks(*engine);
  if (pooling() == Pooling::kPooled) {
    EXPECT_LE(server_.Stats().connections, slots());
  }
}

TEST_P(ServerFaults, FailuresAndLimitsOfThePlanAreStatuses) {
  ExpectFailsThenWorks({.error_rate = 1}, ErrorCode::kHttpStatus, "HTTP 500");
  ExpectFailsThenWorks({.rate_limit_after = 0}, ErrorCode::kHttpStatus, "HTTP 429");
  const PlanOptions throws{
      .rules = {{.name = "throws", .handler = [](const fixture::RequestView&) -> CannedAnswer {
                   throw std::runtime_error("no");
                 }}}};
  ExpectFailsThenWorks(throws, ErrorCode::kHttpStatus, "HTTP 500");
}

TEST_P(ServerFaults, EveryBrokenFormOfAnAnswerHasOneName) {
  struct Broken {
    MessageForm form;
    ErrorCode code;
    std::string message;
  };
  const Broken table[] = {
      {MessageForm::kNothing, ErrorCode::kConnectionClosed,
       "connection closed before any byte of the response"},
      {MessageForm::kHalfHead, ErrorCode::kConnectionClosed,
       "connection closed in the middle of the response headers"},
      {MessageForm::kLengthTooLong, ErrorCode::kConnectionClosed,
       "connection closed after 5 bytes of the body, 1 missing"},
      {MessageForm::kHalfChunk, ErrorCode::kConnectionClosed,
       "connection closed after 2 bytes of the body"},
      {MessageForm::kBadChunk, ErrorCode::kMalformedResponse, "malformed response: bad chunk"},
      {MessageForm::kGarbage, ErrorCode::kMalformedResponse, "malformed response: bad version"},
  };
  for (const Broken& broken : table) {
    CannedAnswer answer{.form = broken.form};
    if (broken.form != MessageForm::kGarbage) answer.body = kHello;
    ExpectFailsThenWorks(Answering(answer), broken.code, broken.message);
  }
}

TEST_P(ServerFaults, EveryRightFormOfAnAnswerArrivesWhole) {
  const auto engine = MakeEngine();
  for (const MessageForm form :
       {MessageForm::kLength, MessageForm::kChunked, MessageForm::kUntilClose}) {
    for (const std::size_t size : {0, 1, 5000}) {
      const std::string body(size, 'x');
      server_.SetPlan(Answering({.body = body, .form = form}));
      const Collector got = RunOn(*engine, 2 * slots());
      for (std::size_t i = 0; i < got.results.size(); ++i) {
        EXPECT_TRUE(got.results[i].ok()) << got.results[i].error->message;
        EXPECT_TRUE(got.bodies[i] == body) << size << " " << static_cast<int>(form);
      }
    }
  }
  ExpectWorks(*engine);
}

// What comes beyond the announced length is not the next response.
TEST_P(ServerFaults, ATooShortLengthIsBelievedAndTheConnectionIsNotUsedAgain) {
  server_.SetPlan(Answering({.body = std::string(kHello), .form = MessageForm::kLengthTooShort}));
  const auto engine = MakeEngine();
  const Collector got = RunOn(*engine, 3 * slots());
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok());
    EXPECT_EQ(got.bodies[i], "hell");
  }
  ExpectWorks(*engine);
}

TEST_P(ServerFaults, AnAnswerThatIsHeldBackTimesOutAndArrivesWhenItIsLetGo) {
  const auto engine = MakeEngine({.timeout = milliseconds(500)});
  server_.Hold("all");
  ExpectAllFail(RunOn(*engine, slots()), ErrorCode::kTimeout);
  server_.ReleaseAll("all");
  EXPECT_TRUE(RunOn(*engine, 1).results[0].ok());
  ExpectWorks(*engine);
}

// Each request fails once; engines repeat nothing by themselves.
TEST_P(ServerFaults, AFailureThatTheSecondAttemptWouldNotMeetIsStillAFailure) {
  Rule flaky{.name = "flaky"};
  flaky.attempts = {{.answer = CannedAnswer{.status = 503, .body = "not yet"}}};
  flaky.answer = CannedAnswer{.body = std::string(kHello)};
  server_.SetPlan({.rules = {flaky}});
  std::vector<Request> requests;
  for (int i = 0; i < 10; ++i) {
    requests.push_back(Get(port_, "/" + std::to_string(i)));
    requests.back().headers = {{"X-Request-Id", std::to_string(i)}};
  }
  const auto engine = MakeEngine();
  Collector first, second;
  engine->Run({requests, 10, {}}, first);
  EXPECT_EQ(ExpectAllFail(first, ErrorCode::kHttpStatus), "HTTP 503");
  engine->Run({requests, 10, {}}, second);
  EXPECT_EQ(std::ranges::count_if(second.results, &RequestResult::ok), 10);
}

TEST_P(ServerFaults, FaultsStrikeTheRequestsThatThePlanPredicts) {
  Rule rule{.name = "some", .latency = {}};
  rule.faults = {
      {.name = "busy", .rate = 0.2, .answer = {.status = 503}},
      {.name = "cut", .rate = 0.2, .answer = {.body = "x", .form = MessageForm::kHalfHead}},
      {.name = "odd", .rate = 0.2, .answer = {.form = MessageForm::kGarbage}}};
  rule.answer = CannedAnswer{.body = std::string(kHello)};
  server_.SetPlan({.rules = {rule}});
  std::vector<Request> requests;
  std::vector<std::string> keys;
  for (int i = 0; i < 100; ++i) {
    keys.push_back(std::to_string(i));
    requests.push_back(Get(port_, "/" + keys.back()));
    requests.back().headers = {{"X-Request-Id", keys.back()}};
  }
  Collector got;
  const auto engine = MakeEngine();
  engine->Run({requests, 100, {}}, got);
  std::set<std::string> failed;
  for (const RequestResult& result : got.results) {
    if (!result.ok()) failed.insert(result.url.substr(result.url.rfind('/') + 1));
  }
  const fixture::Plan plan({.rules = {rule}});
  EXPECT_EQ(failed, plan.PredictFaulted("some", keys));
  EXPECT_GT(failed.size(), 20u);
  ExpectWorks(*engine);
}

// Behind a gate that speaks TLS it is the gate that answers, and cannot.
TEST_P(ServerFaults, AServerThatIsDownIsNamedAndServesAgain) {
  const auto engine = MakeEngine();
  server_.Down();
  ExpectAllFail(RunOn(*engine, 2 * slots()),
                tls() ? ErrorCode::kConnectionClosed : ErrorCode::kConnectRefused);
  server_.Up();
  ExpectWorks(*engine);
  // Once more, with connections that stand: each costs at most one request.
  server_.Down();
  for (const RequestResult& result : RunOn(*engine, 2 * slots()).results) {
    ASSERT_FALSE(result.ok());
    EXPECT_TRUE(result.error->code == ErrorCode::kConnectionClosed ||
                result.error->code == ErrorCode::kConnectRefused)
        << result.error->message;
  }
  server_.Up();
  const Collector got = RunOn(*engine, 20);
  EXPECT_GE(std::ranges::count_if(got.results, &RequestResult::ok), 20 - concurrency());
}

}  // namespace
}  // namespace assay
