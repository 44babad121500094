// A server in a process of its own for bodies of any size.
//
// It serves one connection after the other, so that it costs no more than its system calls: a
// client has one connection, and a second one waits until the first is closed.
#ifndef ASSAY_BENCH_HARNESS_STREAM_SERVER_H_
#define ASSAY_BENCH_HARNESS_STREAM_SERVER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assay/http/request.h"
#include "bench/harness/child_process.h"

namespace assay::bench {

// A MiB of text that deflates to about half. Bodies repeat it.
const std::string& StreamBlock();

// Those `bytes` of such a body that begin at `offset`, or fewer, down to one.
std::string_view StreamPiece(std::uint64_t offset, std::uint64_t bytes);

class StreamServer {
 public:
  enum class Coding { kIdentity, kGzip };  // kGzip: made before, and kept in memory

  // GET is answered with a body of `body_bytes`, before it is coded; POST with 200, or 400 if the
  // body that came was no such text. Forks: see ChildProcess.
  explicit StreamServer(std::uint64_t body_bytes, Coding coding = Coding::kIdentity);

  Url url() const { return Url{"127.0.0.1", listener_.port(), "/"}; }

 private:
  LoopbackListener listener_;
  std::optional<ChildProcess> process_{};
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_STREAM_SERVER_H_
