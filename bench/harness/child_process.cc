#include "bench/harness/child_process.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <stdexcept>

namespace assay::bench {

LoopbackListener::LoopbackListener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd_, any, size) != 0 || ::listen(fd_, 65535) != 0 ||
      ::getsockname(fd_, any, &size) != 0) {
    if (fd_ >= 0) ::close(fd_);
    throw std::runtime_error("child process: no socket");
  }
  port_ = ntohs(address.sin_port);
}

LoopbackListener::~LoopbackListener() { ::close(fd_); }

ChildProcess::ChildProcess(const std::function<void()>& run) : process_(::fork()) {
  if (process_ < 0) throw std::runtime_error("child process: it did not start");
  if (process_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    run();
  } catch (const std::exception&) {
    // The parent sees that nothing answers.
  }
  ::_exit(1);
}

ChildProcess::~ChildProcess() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

}  // namespace assay::bench
