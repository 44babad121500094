#include "bench/harness/child_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

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

// True when a request has come.
bool Hears(int fd) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t bytes = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (bytes <= 0) ::close(fd);
  return bytes > 0 &&
         std::string_view(buffer.data(), static_cast<std::size_t>(bytes)).ends_with("\r\n\r\n");
}

// Answers that are due later, the first first.
class Delayed {
 public:
  explicit Delayed(Duration delay) : delay_(delay) {}

  void Add(int fd, TimePoint now) {
    // 21 steps, so that their mean is known.
    due_.push({now + delay_ + delay_ * (added_++ % 21) / 100, fd});
  }
  std::optional<timespec> Wait(TimePoint now) const {
    if (due_.empty()) return std::nullopt;
    const auto left = std::max(due_.top().first - now, Duration::zero()).count();
    return timespec{left / 1'000'000'000, left % 1'000'000'000};
  }
  std::optional<int> Take(TimePoint now) {
    if (due_.empty() || due_.top().first > now) return std::nullopt;
    const int fd = due_.top().second;
    due_.pop();
    return fd;
  }

 private:
  using Due = std::pair<TimePoint, int>;
  Duration delay_;
  int added_ = 0;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

[[noreturn]] void ServeForever(int listener, Duration delay) {
  ::fcntl(listener, F_SETFL, O_NONBLOCK);
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kBodyBytes) +
                             "\r\n\r\n" + FixtureBody();
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  const SteadyClock clock;
  Delayed delayed(delay);
  std::array<epoll_event, 256> events;
  for (;;) {
    const auto wait = delayed.Wait(clock.Now());
    const int ready = ::epoll_pwait2(epoll, events.data(), static_cast<int>(events.size()),
                                     wait ? &*wait : nullptr, nullptr);
    const TimePoint now = clock.Now();
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        AcceptAll(epoll, listener);
      } else if (Hears(fd)) {
        delayed.Add(fd, now);
      }
    }
    while (const auto fd = delayed.Take(now)) {
      ::send(*fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }
}

// Tells `pipe` its port and, on the lines after it, whom to trust.
void BeServer(ChildServer::Wire wire, Duration delay, const LoopbackListener& listener, int pipe) {
  std::optional<fixture::Gate> gate;
  if (wire == ChildServer::Wire::kTls) {
    gate.emplace(
        fixture::GateOptions{.upstream_port = listener.port(), .tls = fixture::TlsOptions{}});
  }
  const std::string words = std::to_string(gate ? gate->port() : listener.port()) + "\n" +
                            (gate ? gate->AuthorityPem() : "");
  if (::write(pipe, words.data(), words.size()) != static_cast<ssize_t>(words.size())) return;
  ::close(pipe);
  ServeForever(listener.fd(), delay);
}

}  // namespace

ChildServer::ChildServer(Wire wire, Duration delay) : wire_(wire) {
  const LoopbackListener listener;
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("child server: no pipe");
  process_.emplace([&] {
    ::close(pipe[0]);
    BeServer(wire, delay, listener, pipe[1]);
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
