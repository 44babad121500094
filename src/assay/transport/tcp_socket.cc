#include "assay/transport/tcp_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace assay {

namespace {

bool HasHungUp(int fd) noexcept {
  pollfd watched{fd, POLLRDHUP, 0};
  return ::poll(&watched, 1, 0) > 0;
}

}  // namespace

bool LooksClosed(int fd, bool tls) noexcept {
  char byte;
  const ssize_t bytes = ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // With TLS the end comes behind a farewell that nobody has read.
  if (bytes > 0) return !tls || HasHungUp(fd);
  return bytes == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

int TcpSocket::Open(int family, Calls calls) noexcept {
  Close();
  const int blocking = calls == Calls::kBlock ? 0 : SOCK_NONBLOCK;
  fd_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | blocking, IPPROTO_TCP);
  if (fd_ < 0) return errno;
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return 0;
}

void TcpSocket::Close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace assay
