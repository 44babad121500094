// A connection with nothing on top: bytes out, bytes in, as the kernel hands them over.
//
// For one thread.
#ifndef ASSAY_BENCH_HARNESS_RAW_SOCKET_H_
#define ASSAY_BENCH_HARNESS_RAW_SOCKET_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace assay::bench {

class RawSocket {
 public:
  // To 127.0.0.1:`port`; small writes are not held back. Throws std::runtime_error.
  explicit RawSocket(std::uint16_t port);
  ~RawSocket();
  RawSocket(RawSocket&& other) noexcept;
  RawSocket& operator=(RawSocket&&) = delete;

  int fd() const noexcept { return fd_; }

  // False if the connection is broken. Meant for requests, which the kernel takes whole.
  bool Send(std::string_view request) noexcept;

  // What one read brings, valid until the next: all of an answer that is below 4 KiB and came
  // in one write. Empty at the end of the connection, or if it is broken.
  std::string_view Receive() noexcept;

  // Empty on failure.
  std::string_view RoundTrip(std::string_view request) noexcept;

 private:
  int fd_;
  std::array<char, 4096> buffer_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_RAW_SOCKET_H_
