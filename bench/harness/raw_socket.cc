#include "bench/harness/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace assay::bench {

RawSocket::RawSocket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return;
  const std::string reason = std::generic_category().message(errno);
  if (fd_ >= 0) ::close(fd_);
  throw std::runtime_error("connect to 127.0.0.1:" + std::to_string(port) + ": " + reason);
}

RawSocket::~RawSocket() {
  if (fd_ >= 0) ::close(fd_);
}

RawSocket::RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

bool RawSocket::Send(std::string_view request) noexcept {
  return ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(request.size());
}

std::string_view RawSocket::Receive() noexcept {
  const ssize_t bytes = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
  return {buffer_.data(), static_cast<std::size_t>(bytes > 0 ? bytes : 0)};
}

std::string_view RawSocket::RoundTrip(std::string_view request) noexcept {
  return Send(request) ? Receive() : std::string_view{};
}

}  // namespace assay::bench
