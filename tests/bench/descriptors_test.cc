#include "bench/harness/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace assay::bench {
namespace {

TEST(Descriptors, AreCounted) {
  const std::size_t before = OpenDescriptors();
  const int one = open("/dev/null", O_RDONLY), two = open("/dev/null", O_RDONLY);
  EXPECT_EQ(OpenDescriptors(), before + 2);
  close(one);
  EXPECT_EQ(OpenDescriptors(), before + 1);
  close(two);
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST(Descriptors, TheLimitIsRaisedAsFarAsItGoesAndOneThatIsTooLowIsNamed) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = 200;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  const std::size_t open = OpenDescriptors();
  EXPECT_EQ(WhyNotDescriptors(200 - open), "");
  EXPECT_EQ(WhyNotDescriptors(201 - open), "needs 201 file descriptors, ulimit -n is 200");
  RaiseDescriptorLimit();
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
  EXPECT_EQ(WhyNotDescriptors(201 - open), "");
}

}  // namespace
}  // namespace assay::bench
