#include "assay/adapters/asio_bridge.h"

#include "assay/core/option_check.h"

namespace assay {
namespace {

constexpr OptionCheck kOptions("blocking calls");

}  // namespace

BlockingCalls::BlockingCalls(const BlockingCallsOptions& options)
    : most_(kOptions.Within("threads", options.threads, 1, 1024) +
            kOptions.Within("queue_limit", options.queue_limit, 0, 1'000'000)),
      pool_(static_cast<std::size_t>(options.threads)) {}

bool BlockingCalls::Enter() noexcept {
  int active = active_.load(std::memory_order_relaxed);
  do {
    if (active >= most_) return false;
  } while (!active_.compare_exchange_weak(active, active + 1, std::memory_order_relaxed));
  return true;
}

}  // namespace assay
