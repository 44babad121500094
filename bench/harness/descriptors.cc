#include "bench/harness/descriptors.h"

#include <sys/resource.h>

#include <filesystem>
#include <iterator>

namespace assay::bench {

void RaiseDescriptorLimit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string WhyNotDescriptors(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return "the limit of descriptors cannot be read";
  const std::size_t total = OpenDescriptors() + wanted;
  if (limit.rlim_cur == RLIM_INFINITY || total <= limit.rlim_cur) return {};
  return "needs " + std::to_string(total) + " file descriptors, ulimit -n is " +
         std::to_string(limit.rlim_cur);
}

std::size_t OpenDescriptors() {
  // One of them is the directory that is being read.
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open))) - 1;
}

}  // namespace assay::bench
