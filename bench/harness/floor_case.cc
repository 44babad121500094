#include "bench/harness/floor_case.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <string>
#include <string_view>

#include "assay/transport/request_text.h"
#include "bench/harness/fixture.h"
#include "bench/harness/one_cpu.h"

namespace assay::bench {
namespace {

class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawSocket() { ::close(fd_); }

  bool connected() const { return connected_; }

  // The answer, which the fixture sends in one write; empty on failure.
  std::string_view RoundTrip(std::string_view request) {
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
    const ssize_t bytes = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
    return {buffer_.data(), static_cast<std::size_t>(bytes > 0 ? bytes : 0)};
  }

 private:
  int fd_;
  bool connected_ = false;
  std::array<char, 4096> buffer_;
};

}  // namespace

void RunFloorCase(benchmark::State& state) try {
  const OneCpu one_cpu;
  state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
  const fixture::MockServer server(FixtureOptions(Duration::zero(), 1));
  const std::string request = *RequestText(FixtureRequest(server), Pooling::kPooled);
  RawSocket socket(server.port());
  const std::string_view first = socket.RoundTrip(request);
  if (!socket.connected() || !first.starts_with("HTTP/1.1 200 ") ||
      !first.ends_with(FixtureBody())) {
    state.SkipWithError("verification: not the fixture's answer");
    return;
  }

  const std::size_t length = first.size();
  const SteadyClock clock;
  const Duration cpu_before = CpuTime();
  const TimePoint started = clock.Now();
  for (auto _ : state) {
    if (socket.RoundTrip(request).size() == length) continue;
    state.SkipWithError("while timed: an answer of another length");
    return;
  }
  const auto requests = static_cast<double>(state.iterations());
  const std::chrono::duration<double> elapsed = clock.Now() - started;
  const std::chrono::duration<double, std::micro> cpu = CpuTime() - cpu_before;
  state.counters["rps"] = requests / elapsed.count();
  state.counters["cpu_us_per_req"] = cpu.count() / requests;
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace assay::bench
