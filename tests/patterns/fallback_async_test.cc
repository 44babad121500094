#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/fallback/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;

const Error kDown{ErrorCode::kConnectRefused, "refused"};
const Error kLate{ErrorCode::kTimeout, "late"};

struct FallbackAsync : testing::Test {
  // Every answer takes a second.
  asio::awaitable<Result<int>> Say(Result<int> result) {
    VirtualTime::Nap nap(time);
    co_await nap.Until(Deadline::After(time.Now(), std::chrono::seconds(1)));
    co_return result;
  }
  asio::awaitable<void> Ask(Result<int> first, Result<int> second, Result<int> third) {
    got = co_await CallAsync(
        fallback, time, [this, &first] { return Say(first); },
        [this, &second](const Error&) { return Say(second); },
        [this, &third](const Error& error) { return Say(error == kLate ? third : error); });
  }
  void Run(Result<int> first, Result<int> second, Result<int> third) {
    asio::co_spawn(context, Ask(first, second, third), asio::detached);
    time.Run();
  }
  asio::io_context context{};
  VirtualTime time{context};
  Fallback fallback{};
  Result<Answer<int>> got = kDown;
};

TEST_F(FallbackAsync, AsksOneAfterTheOther) {
  const TimePoint begin = time.Now();
  Run(kDown, kLate, 9);
  EXPECT_EQ(got->value, 9);
  EXPECT_EQ(got->source, 2);
  EXPECT_EQ(got->instead_of, kDown);
  EXPECT_EQ(time.Now() - begin, std::chrono::seconds(3));
  Run(kDown, 8, 9);
  EXPECT_EQ(got->source, 1);
  Run(7, 8, 9);
  EXPECT_FALSE(got->degraded());
  EXPECT_EQ(fallback.Snapshot(), (FallbackSnapshot{.degraded = 2}));
}

TEST_F(FallbackAsync, WhenAllFailTheReasonIsTheFirstError) {
  Run(kDown, kLate, kLate);
  EXPECT_EQ(got.error().message, "refused; instead: late; instead: late");
  Run({Error{ErrorCode::kInvalidRequest, "wrong"}}, 8, 9);
  EXPECT_EQ(got.error().message, "wrong");
  EXPECT_EQ(fallback.Snapshot(), (FallbackSnapshot{.exhausted = 1, .unhandled = 1}));
}

}  // namespace
}  // namespace assay
