#include "assay/patterns/outcome.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Result<Response> WithStatus(int status) {
  Response response;
  response.status = status;
  return response;
}

TEST(OutcomeTest, EveryErrorOfTheWireIsAFailure) {
  for (const ErrorCode code :
       {ErrorCode::kResolveFailed, ErrorCode::kConnectRefused, ErrorCode::kConnectFailed,
        ErrorCode::kAddressExhausted, ErrorCode::kTlsFailed, ErrorCode::kTimeout,
        ErrorCode::kConnectionClosed, ErrorCode::kIo, ErrorCode::kMalformedResponse,
        ErrorCode::kHeaderTooLarge, ErrorCode::kBodyTooLarge, ErrorCode::kHttpStatus}) {
    EXPECT_EQ(Classify(Result<int>(Error{code, ""})), Outcome::kFailure) << ToString(code);
    EXPECT_EQ(Classify(Result<Response>(Error{code, ""})), Outcome::kFailure) << ToString(code);
  }
}

TEST(OutcomeTest, ALocalRefusalSaysNothingAboutTheRemote) {
  for (const ErrorCode code :
       {ErrorCode::kLimitReached, ErrorCode::kCircuitOpen, ErrorCode::kPipelineClosed,
        ErrorCode::kCancelled, ErrorCode::kInvalidRequest}) {
    EXPECT_EQ(Classify(Result<int>(Error{code, ""})), Outcome::kIgnored) << ToString(code);
    EXPECT_EQ(Classify(Result<Response>(Error{code, ""})), Outcome::kIgnored) << ToString(code);
  }
}

TEST(OutcomeTest, AnyValueThatIsNotAResponseIsASuccess) {
  EXPECT_EQ(Classify(Result<int>(0)), Outcome::kSuccess);
  EXPECT_EQ(Classify(Result<Done>(Done{})), Outcome::kSuccess);
}

TEST(OutcomeTest, OnlyTooManyRequestsAndServerErrorsFailAResponse) {
  for (const int status : {200, 204, 304, 400, 404, 428, 430, 499}) {
    EXPECT_EQ(Classify(WithStatus(status)), Outcome::kSuccess) << status;
  }
  for (const int status : {429, 500, 503, 599}) {
    EXPECT_EQ(Classify(WithStatus(status)), Outcome::kFailure) << status;
  }
}

TEST(OutcomeTest, TheDefaultClassifierLooksAtTheStatusOfAResponse) {
  const DefaultClassifier classify;
  EXPECT_EQ(classify(WithStatus(503)), Outcome::kFailure);
  EXPECT_EQ(classify(Result<int>(503)), Outcome::kSuccess);
}

}  // namespace
}  // namespace assay
