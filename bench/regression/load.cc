#include "bench/regression/load.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "assay/core/clock.h"
#include "assay/core/hash.h"

namespace assay::regression {
namespace {

constexpr std::chrono::duration<double> kMeanSpan{5};

// Through memory as large as a second-level cache: a neighbour takes more than a core.
void Work(TimePoint end) {
  static std::array<volatile std::uint64_t, 1 << 17> memory{};
  std::uint64_t at = 1;
  while (SteadyClock().Now() < end) {
    for (int i = 0; i < 10000; ++i) {
      at = Mix(at);
      memory[at % memory.size()] = at;
    }
  }
}

[[noreturn]] void WorkAndSleep(std::uint64_t seed) {
  for (std::uint64_t span = 0;; ++span) {
    const double uniform = UnitInterval(Draw(seed, "load", span, 0));
    const auto length = std::chrono::duration_cast<Duration>(kMeanSpan * -std::log1p(-uniform));
    if (span % 2 == 0) {
      Work(SteadyClock().Now() + length);
    } else {
      std::this_thread::sleep_for(length);
    }
  }
}

}  // namespace

Result<Load> Load::Start(int cpu, std::uint64_t seed) {
  cpu_set_t wanted;
  CPU_ZERO(&wanted);
  if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(cpu), &wanted);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);  // it has ended before prctl
    WorkAndSleep(seed);
  }
  const auto failed = [&](const char* what) {
    return Error{ErrorCode::kIo,
                 std::string("--load: ") + what + ": " + std::generic_category().message(errno)};
  };
  if (child < 0) return failed("no process for it");
  Load load(child);
  if (::sched_setaffinity(child, sizeof wanted, &wanted) != 0) {
    return failed(("cannot run on CPU " + std::to_string(cpu)).c_str());
  }
  return load;
}

Load::Load(Load&& other) noexcept : child_(std::exchange(other.child_, -1)) {}

Load::~Load() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace assay::regression
