#include "assay/transport/interrupt.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <system_error>

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

bool Readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, 0) > 0;
}

TEST(Interrupt, IsNeverWithoutAReason) {
  const Interrupt never;
  EXPECT_TRUE(never.cancel_at().never());
  EXPECT_FALSE(never.stopped());
  EXPECT_EQ(never.fd(), -1);
  const Interrupt nobody({}, seconds(1));
  EXPECT_TRUE(nobody.cancel_at().never());
  EXPECT_EQ(nobody.fd(), -1);
}

TEST(Interrupt, ComesAGraceAfterTheEnd) {
  Interrupt interrupt({}, seconds(2));
  interrupt.EndAt(Deadline::Never());
  EXPECT_TRUE(interrupt.cancel_at().never());
  interrupt.EndAt(Deadline::At(TimePoint(seconds(10))));
  EXPECT_EQ(interrupt.cancel_at(), Deadline::At(TimePoint(seconds(12))));
  EXPECT_FALSE(interrupt.stopped());
}

TEST(Interrupt, ComesAGraceAfterAStop) {
  std::stop_source source;
  const Interrupt interrupt(source.get_token(), hours(1));
  ASSERT_GE(interrupt.fd(), 0);
  EXPECT_FALSE(Readable(interrupt.fd()));
  EXPECT_FALSE(interrupt.stopped());
  const TimePoint before = SteadyClock().Now();
  source.request_stop();
  const TimePoint after = SteadyClock().Now();
  EXPECT_TRUE(interrupt.stopped());
  EXPECT_TRUE(Readable(interrupt.fd()));
  EXPECT_GE(interrupt.cancel_at(), Deadline::At(before + hours(1)));
  EXPECT_LE(interrupt.cancel_at(), Deadline::At(after + hours(1)));
}

TEST(Interrupt, ComesAtOnceIfTheStopWasBefore) {
  std::stop_source source;
  source.request_stop();
  const Interrupt interrupt(source.get_token(), seconds(0));
  EXPECT_TRUE(interrupt.stopped());
  EXPECT_TRUE(Readable(interrupt.fd()));
  EXPECT_TRUE(interrupt.cancel_at().Expired(SteadyClock().Now()));
}

TEST(Interrupt, GoesByWhatComesFirst) {
  std::stop_source source;
  Interrupt interrupt(source.get_token(), seconds(2));
  interrupt.EndAt(Deadline::At(TimePoint(seconds(1))));  // long ago
  source.request_stop();
  EXPECT_EQ(interrupt.cancel_at(), Deadline::At(TimePoint(seconds(3))));
  EXPECT_TRUE(interrupt.stopped());

  std::stop_source sooner;
  Interrupt stopped(sooner.get_token(), seconds(2));
  sooner.request_stop();
  const Deadline at = stopped.cancel_at();
  stopped.EndAt(Deadline::After(SteadyClock().Now(), hours(1)));
  EXPECT_EQ(stopped.cancel_at(), at);
}

TEST(Interrupt, AStopAfterItsEndIsNobodysConcern) {
  std::stop_source source;
  int fd = -1;
  {
    const Interrupt interrupt(source.get_token(), seconds(1));
    fd = interrupt.fd();
  }
  pollfd watched{fd, POLLIN, 0};
  EXPECT_EQ(::poll(&watched, 1, 0), 1);
  EXPECT_EQ(watched.revents, POLLNVAL);  // it has been closed
  source.request_stop();
}

TEST(Interrupt, SaysThatThereIsNoDescriptor) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const std::stop_source source;
  EXPECT_THROW(Interrupt(source.get_token(), seconds(1)), std::system_error);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace assay
