// The descriptor of one TCP connection, for those who call the operating system
// themselves.
//
// Not thread-safe.
#ifndef ASSAY_TRANSPORT_TCP_SOCKET_H_
#define ASSAY_TRANSPORT_TCP_SOCKET_H_

namespace assay {

// Of a connection that has been idle: has the server closed it, or said something that
// nobody asked for? With TLS it may have something to say, such as sessions to take up.
bool LooksClosed(int fd, bool tls) noexcept;

class TcpSocket {
 public:
  enum class Calls { kBlock, kDoNotBlock };

  TcpSocket() = default;
  ~TcpSocket() { Close(); }
  TcpSocket(const TcpSocket&) = delete;
  TcpSocket& operator=(const TcpSocket&) = delete;

  // A new socket in place of the one before, if any, without Nagle's delay. 0 or what
  // the operating system said (errno). `family`: AF_INET or AF_INET6.
  int Open(int family, Calls calls) noexcept;
  void Close() noexcept;

  bool open() const noexcept { return fd_ >= 0; }
  int fd() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TCP_SOCKET_H_
