#include "assay/patterns/pause.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace assay {
namespace {

static_assert(noexcept(std::declval<Pause&>()()));

TEST(Pause, EachRestIsTwiceAsLongUpToALimit) {
  Pause pause;
  std::vector<int> lengths;
  for (int i = 0; i < 6; ++i) {
    lengths.push_back(pause.length());
    pause();
  }
  EXPECT_EQ(lengths, (std::vector{4, 8, 16, 32, 32, 32}));
  EXPECT_EQ(Pause().length(), 4) << "another attempt begins anew";
}

TEST(Pause, WhoRestsBetweenExchangesGetsThroughInTheEnd) {
  std::atomic<int> count{0};
  const auto add = [&] {
    for (int n = 0; n < 1'000; ++n) {
      Pause pause;
      int seen = count.load();
      while (!count.compare_exchange_weak(seen, seen + 1)) pause();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(add);
  }
  EXPECT_EQ(count.load(), 4'000);
}

}  // namespace
}  // namespace assay
