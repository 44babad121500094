#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "tools/regression/run/file_descriptor.h"
#include "tools/selftest/workload.h"

namespace assay::selftest {
namespace {

using regression::FileDescriptor;

enum Turn : int { kOurs, kTheirs, kOver };

void WakeUp(benchmark::State& state) {
  std::atomic<int> turn{kOurs};
  std::thread partner([&turn] {
    while (true) {
      turn.wait(kOurs);
      if (turn == kOver) return;
      turn = kOurs;
      turn.notify_one();
    }
  });
  for (auto _ : state) {
    turn = kTheirs;
    turn.notify_one();
    turn.wait(kTheirs);
  }
  turn = kOver;
  turn.notify_one();
  partner.join();
}

struct Connection {
  FileDescriptor client;
  FileDescriptor server;
};

// A client that is not open when the loopback interface does not work.
Connection Connect() {
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  if (::bind(listener.get(), any, length) != 0 || ::listen(listener.get(), 1) != 0 ||
      ::getsockname(listener.get(), any, &length) != 0) {
    return {};
  }
  FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(client.get(), any, length) != 0) return {};
  FileDescriptor server(::accept(listener.get(), nullptr, nullptr));
  if (!server.open()) return {};
  const int on = 1;
  for (const FileDescriptor* end : {&client, &server}) {
    ::setsockopt(end->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return {std::move(client), std::move(server)};
}

void TcpByte(benchmark::State& state) {
  const Connection connection = Connect();
  if (!connection.client.open()) {
    state.SkipWithError("no TCP connection over the loopback interface");
    return;
  }
  std::thread echo([fd = connection.server.get()] {
    char byte = 0;
    while (::recv(fd, &byte, 1, 0) == 1 && ::send(fd, &byte, 1, MSG_NOSIGNAL) == 1) {
    }
  });
  char byte = 'a';
  for (auto _ : state) {
    if (::send(connection.client.get(), &byte, 1, MSG_NOSIGNAL) != 1 ||
        ::recv(connection.client.get(), &byte, 1, 0) != 1) {
      state.SkipWithError("the TCP connection broke");
      break;
    }
  }
  ::shutdown(connection.client.get(), SHUT_RDWR);  // ends the echo
  echo.join();
}

}  // namespace

// By the wall clock: most of their time is spent waiting.
void RegisterThreadRows() {
  benchmark::RegisterBenchmark("wake_up", WakeUp)->UseRealTime();
  benchmark::RegisterBenchmark("tcp_byte", TcpByte)->UseRealTime();
}

}  // namespace assay::selftest
