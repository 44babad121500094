#include "bench/harness/checking_sink.h"

#include <gtest/gtest.h>

#include <memory>

#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

Response RightAnswer() { return {200, {}, FixtureBody()}; }

RequestResult Result200() {
  RequestResult result;
  result.status = 200;
  result.latency = Duration(1000);
  return result;
}

TEST(CheckingSink, AcceptsTheFixturesAnswer) {
  CheckingSink sink(CheckingSink::Depth::kBody);
  sink.Accept(Result200(), RightAnswer());
  EXPECT_EQ(sink.seen(), 1u);
  EXPECT_EQ(sink.wrong(), 0u);
  EXPECT_EQ(sink.latency().count(), 1u);
}

TEST(CheckingSink, FindsOneWrongByteOnlyAtFullDepth) {
  Response response = RightAnswer();
  response.body.back() = '?';
  CheckingSink body(CheckingSink::Depth::kBody), length(CheckingSink::Depth::kLength);
  body.Accept(Result200(), response);
  length.Accept(Result200(), response);
  EXPECT_EQ(body.wrong(), 1u);
  EXPECT_EQ(length.wrong(), 0u);
}

TEST(CheckingSink, FindsAWrongLengthAWrongStatusAndAnErrorAtAnyDepth) {
  CheckingSink sink(CheckingSink::Depth::kLength);
  sink.Accept(Result200(), {200, {}, "short"});
  EXPECT_EQ(sink.first_wrong(), "status 200 with a body of 5 bytes");
  RequestResult redirect = Result200();
  redirect.status = 302;
  sink.Accept(redirect, RightAnswer());
  RequestResult failed = Result200();
  failed.error = Error{ErrorCode::kTimeout, "too late"};
  sink.Accept(failed, RightAnswer());
  EXPECT_EQ(sink.wrong(), 3u);
  EXPECT_EQ(sink.latency().count(), 0u);
}

TEST(CheckingSink, HasTheBodyThatItIsGiven) {
  for (const auto depth : {CheckingSink::Depth::kBody, CheckingSink::Depth::kLength}) {
    CheckingSink sink(depth, "abc");
    sink.Accept(Result200(), {200, {}, "abc"});
    EXPECT_EQ(sink.wrong(), 0u);
    sink.Accept(Result200(), RightAnswer());
    EXPECT_EQ(sink.wrong(), 1u);
  }
}

TEST(CheckingSink, CountsTheAllocationsBetweenResults) {
  CheckingSink sink(CheckingSink::Depth::kLength);
  const Response response = RightAnswer();
  const RequestResult result = Result200();
  sink.Accept(result, response);
  const std::uint64_t before = sink.allocations();
  const auto one = std::make_unique<int>(1);
  const auto two = std::make_unique<int>(2);
  sink.Accept(result, response);
  EXPECT_EQ(sink.allocations() - before, 2u);
  sink.Accept(result, response);
  EXPECT_EQ(sink.allocations() - before, 2u);
}

}  // namespace
}  // namespace assay::bench
