// A server in a process of its own, for what is measured of the whole process of a client:
// its memory, its descriptors.
//
// One thread and one epoll, so that it holds as many connections as there are descriptors. It
// answers whatever ends in an empty line, and comes in one piece, with 200 and FixtureBody(): at
// once, or after a delay plus 0 to 20 % of it, as the fixture does but in even steps.
#ifndef ASSAY_BENCH_HARNESS_CHILD_SERVER_H_
#define ASSAY_BENCH_HARNESS_CHILD_SERVER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "assay/core/clock.h"
#include "assay/http/request.h"
#include "bench/harness/child_process.h"

namespace assay::bench {

class ChildServer {
 public:
  enum class Wire { kPlain, kTls };  // over TLS there is a gate before it, in the same process

  // As ChildProcess(). `delay`: 0 or more.
  explicit ChildServer(Wire wire, Duration delay = Duration::zero());

  // The mean of the delays.
  static Duration MeanDelay(Duration delay) { return delay + delay / 10; }

  Request request() const;
  // PEM of whom a client has to trust; empty without TLS.
  const std::string& authority() const noexcept { return authority_; }

 private:
  void Hear(int pipe);

  Wire wire_;
  std::uint16_t port_ = 0;
  std::string authority_;
  std::optional<ChildProcess> process_{};
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_CHILD_SERVER_H_
