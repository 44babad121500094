#include "assay/adapters/asio_bridge.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

int Checked(const char* option, int value, int least, int most) {
  if (value >= least && value <= most) return value;
  throw std::invalid_argument("blocking calls " + std::string(option) + ": " +
                              std::to_string(value) + " is not within " + std::to_string(least) +
                              " to " + std::to_string(most));
}

}  // namespace

BlockingCalls::BlockingCalls(const BlockingCallsOptions& options)
    : most_(Checked("threads", options.threads, 1, 1024) +
            Checked("queue_limit", options.queue_limit, 0, 1'000'000)),
      pool_(static_cast<std::size_t>(options.threads)) {}

bool BlockingCalls::Enter() noexcept {
  int active = active_.load(std::memory_order_relaxed);
  do {
    if (active >= most_) return false;
  } while (!active_.compare_exchange_weak(active, active + 1, std::memory_order_relaxed));
  return true;
}

}  // namespace assay
