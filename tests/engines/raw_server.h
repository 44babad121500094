// A TCP server whose every connection runs a script: for what a well-behaved
// HTTP server would never do.
//
// Each connection has a thread of its own. The destructor closes all
// connections, which ends any script that waits for its peer.
#ifndef ASSAY_TESTS_ENGINES_RAW_SERVER_H_
#define ASSAY_TESTS_ENGINES_RAW_SERVER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace assay {

class RawConnection {
 public:
  explicit RawConnection(int fd) : fd_(fd) {}

  // Reads up to the blank line; false when the peer has gone.
  bool ReadRequest() const {
    std::string seen;
    char byte;
    while (!seen.ends_with("\r\n\r\n")) {
      if (::recv(fd_, &byte, 1, 0) != 1) return false;
      seen += byte;
    }
    return true;
  }
  // False when the peer has gone.
  bool ReadByte() const { return Read(1).size() == 1; }
  // So many bytes, or fewer when the peer has gone.
  std::string Read(std::size_t count) const {
    std::string seen(count, '\0');
    const ssize_t bytes = ::recv(fd_, seen.data(), count, MSG_WAITALL);
    seen.resize(bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return seen;
  }
  void Write(std::string_view text) const {
    (void)::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  // As much as goes without waiting for the peer, for as long as it takes more within `time`.
  std::size_t WriteWhileTaken(std::size_t count, std::chrono::milliseconds time) const {
    const std::string piece(64 * 1024, 'x');
    std::size_t written = 0;
    while (written < count) {
      const std::size_t next = std::min(piece.size(), count - written);
      const ssize_t bytes = ::send(fd_, piece.data(), next, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (bytes > 0) {
        written += static_cast<std::size_t>(bytes);
        continue;
      }
      pollfd fd{fd_, POLLOUT, 0};
      if (errno != EAGAIN || ::poll(&fd, 1, static_cast<int>(time.count())) <= 0) break;
    }
    return written;
  }
  // Waits at most so long.
  bool ClosedWithin(std::chrono::milliseconds time) const {
    pollfd fd{fd_, POLLRDHUP, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) > 0;
  }
  // The peer has been told when this returns.
  void Close() const { ::shutdown(fd_, SHUT_RDWR); }
  void WaitForPeerToClose() const {
    char byte;
    while (::recv(fd_, &byte, 1, 0) > 0) {
    }
  }

 private:
  int fd_;
};

class RawServer {
 public:
  using Script = std::function<void(const RawConnection&)>;

  // The connection is closed when the script returns.
  explicit RawServer(Script script) : script_(std::move(script)), listener_(Listen(64)) {
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~RawServer() {
    StopListening();
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }

  // Connections from now on are refused; those that are open go on.
  void StopListening() const { ::shutdown(listener_, SHUT_RDWR); }

  // A socket on a free port of the loopback interface that nobody listens on.
  static int Bind() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("raw server: cannot bind");
    }
    return fd;
  }
  static int Listen(int backlog) {
    const int fd = Bind();
    if (::listen(fd, backlog) != 0) throw std::runtime_error("raw server: cannot listen");
    return fd;
  }
  static std::uint16_t PortOf(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  void Accept() {
    for (;;) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0 && errno == EMFILE) continue;  // a test has taken them all for a moment
      if (fd < 0) return;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd] {
        script_(RawConnection(fd));
        const std::lock_guard closing(mutex_);
        std::erase(open_, fd);
        ::close(fd);
      });
    }
  }

  Script script_;
  int listener_;
  std::uint16_t port_ = PortOf(listener_);
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A server whose one place is taken: a connect() to it waits for ever.
class FullServer {
 public:
  FullServer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(filler_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("full server: cannot be filled");
    }
  }
  FullServer(const FullServer&) = delete;
  FullServer& operator=(const FullServer&) = delete;
  ~FullServer() {
    ::close(filler_);
    ::close(listener_);
  }
  std::uint16_t port() const { return RawServer::PortOf(listener_); }

 private:
  const int listener_ = RawServer::Listen(0);
  const int filler_ = ::socket(AF_INET, SOCK_STREAM, 0);
};

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_RAW_SERVER_H_
