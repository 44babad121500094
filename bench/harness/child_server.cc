#include "bench/harness/child_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "assay/fixture/gate/gate.h"
#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

void AcceptAll(int epoll, int listener) {
  for (int fd; (fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

void Answer(int fd, std::string_view answer) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t bytes = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (bytes <= 0) {
    ::close(fd);
  } else if (std::string_view(buffer.data(), static_cast<std::size_t>(bytes))
                 .ends_with("\r\n\r\n")) {
    ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
  }
}

[[noreturn]] void ServeForever(int listener) {
  ::fcntl(listener, F_SETFL, O_NONBLOCK);
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kBodyBytes) +
                             "\r\n\r\n" + FixtureBody();
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int ready = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      fd == listener ? AcceptAll(epoll, listener) : Answer(fd, answer);
    }
  }
}

// Tells `pipe` its port and, on the lines after it, whom to trust.
void BeServer(ChildServer::Wire wire, const LoopbackListener& listener, int pipe) {
  std::optional<fixture::Gate> gate;
  if (wire == ChildServer::Wire::kTls) {
    gate.emplace(
        fixture::GateOptions{.upstream_port = listener.port(), .tls = fixture::TlsOptions{}});
  }
  const std::string words = std::to_string(gate ? gate->port() : listener.port()) + "\n" +
                            (gate ? gate->AuthorityPem() : "");
  if (::write(pipe, words.data(), words.size()) != static_cast<ssize_t>(words.size())) return;
  ::close(pipe);
  ServeForever(listener.fd());
}

}  // namespace

ChildServer::ChildServer(Wire wire) : wire_(wire) {
  const LoopbackListener listener;
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("child server: no pipe");
  process_.emplace([&] {
    ::close(pipe[0]);
    BeServer(wire, listener, pipe[1]);
  });
  ::close(pipe[1]);
  Hear(pipe[0]);
  ::close(pipe[0]);
  if (port_ == 0) throw std::runtime_error("child server: it did not start");
}

void ChildServer::Hear(int pipe) {
  std::string words;
  std::array<char, 4096> buffer;
  for (ssize_t bytes; (bytes = ::read(pipe, buffer.data(), buffer.size())) > 0;) {
    words.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  port_ = 0;
  std::from_chars(words.data(), words.data() + words.size(), port_);
  authority_ = words.substr(words.find('\n') + 1);
}

Request ChildServer::request() const {
  const std::string url = (wire_ == Wire::kTls ? "https" : "http") + std::string("://127.0.0.1:") +
                          std::to_string(port_) + "/";
  return {Method::kGet, Url::Parse(url).value(), {}, {}};
}

}  // namespace assay::bench
