#include "tools/regression/run/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "tools/regression/run/file_descriptor.h"

extern char** environ;

namespace assay::regression {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kErrorTail = 2048;

Error Failed(const std::string& program, const std::string& what, int code) {
  return {ErrorCode::kIo, program + ": " + what + ": " + std::generic_category().message(code)};
}

Duration ToDuration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

// One stream of the child, read without ever blocking.
class Capture {
 public:
  // Makes the pipe; 0 or the error. Only this end is non-blocking: the flag belongs
  // to the open file, so the child must not share it.
  int Open() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return errno;
    ours_ = FileDescriptor(pipe[0]);
    theirs_ = FileDescriptor(pipe[1]);
    return ::fcntl(ours_.get(), F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  }

  void CloseTheirs() { theirs_ = FileDescriptor(); }

  // Appends what is there now, up to `limit` bytes in all.
  void Drain(std::size_t limit) {
    std::array<char, 65536> buffer;
    while (ours_.open() && text_.size() <= limit) {
      const ssize_t bytes = ::read(ours_.get(), buffer.data(), buffer.size());
      if (bytes > 0) {
        text_.append(buffer.data(), static_cast<std::size_t>(bytes));
      } else if (bytes == 0 || (errno != EINTR && errno != EAGAIN)) {
        ours_ = FileDescriptor();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  void KeepLast(std::size_t bytes) {
    if (text_.size() > bytes) text_.erase(0, text_.size() - bytes);
  }

  int ours() const { return ours_.get(); }  // -1, which poll() passes over, once it has ended
  int theirs() const { return theirs_.get(); }
  std::string& text() { return text_; }

 private:
  FileDescriptor ours_;
  FileDescriptor theirs_;
  std::string text_;
};

// A child inherits the affinity of the thread that spawns it. Lending it for the
// moment of spawning needs no code between fork and exec, which is where a process
// with several threads may call next to nothing.
class AffinityLoan {
 public:
  int Take(int cpu) {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return errno;
    if (cpu < 0 || cpu >= CPU_SETSIZE) return EINVAL;
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    CPU_SET(static_cast<std::size_t>(cpu), &wanted);
    taken_ = ::sched_setaffinity(0, sizeof wanted, &wanted) == 0;
    return taken_ ? 0 : errno;
  }

  AffinityLoan() = default;
  AffinityLoan(const AffinityLoan&) = delete;
  AffinityLoan& operator=(const AffinityLoan&) = delete;
  ~AffinityLoan() {
    if (taken_) ::sched_setaffinity(0, sizeof before_, &before_);
  }

 private:
  cpu_set_t before_{};
  bool taken_ = false;
};

// 0 or the error.
int Spawn(const std::vector<std::string>& command, int output, int errors, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

  // What this process blocks or ignores (SIGINT during a comparison) is not the child's.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> arguments = command;
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int failure =
      ::posix_spawn(&child, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

// Looks without reaping: while the zombie is there, its id cannot be given to
// somebody else's group, so the group may still be killed.
bool HasExited(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child;
}

// Until there is output, a signal or something to check.
void WaitForEvent(const Capture& output, const Capture& errors, TimePoint deadline) {
  std::array<pollfd, 2> streams = {{{output.ours(), POLLIN, 0}, {errors.ours(), POLLIN, 0}}};
  // A child that has closed both streams is about to exit: nothing will wake us.
  const bool quiet = output.ours() < 0 && errors.ours() < 0;
  const Duration left = deadline - SteadyClock().Now() + 1ms;
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::clamp<Duration>(left, 1ms, quiet ? 1ms : 50ms));
  // EINTR is one of the events: the caller looks at everything again.
  ::poll(streams.data(), streams.size(), static_cast<int>(wait.count()));
}

ProcessResult::End Supervise(pid_t child, Capture& output, Capture& errors,
                             const ProcessOptions& options, TimePoint deadline) {
  using End = ProcessResult::End;
  while (true) {
    output.Drain(options.max_output);
    errors.Drain(kErrorTail);
    errors.KeepLast(kErrorTail);
    if (output.text().size() > options.max_output) return End::kTooMuchOutput;
    if (HasExited(child)) return End::kExited;
    if (options.cancelled != nullptr && *options.cancelled) return End::kCancelled;
    if (SteadyClock().Now() >= deadline) return End::kTimedOut;
    WaitForEvent(output, errors, deadline);
  }
}

// Ends the group, reaps the child and takes the rest of its output.
void Finish(pid_t child, Capture& output, Capture& errors, const ProcessOptions& options,
            ProcessResult& result) {
  ::kill(-child, SIGKILL);
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  output.Drain(options.max_output);
  errors.Drain(2 * kErrorTail);
  errors.KeepLast(kErrorTail);
  result.cpu = ToDuration(usage.ru_utime) + ToDuration(usage.ru_stime);
  result.output = std::move(output.text());
  result.errors = std::move(errors.text());
  if (result.end != ProcessResult::End::kExited) return;
  if (result.output.size() > options.max_output) result.end = ProcessResult::End::kTooMuchOutput;
  if (WIFSIGNALED(status)) result.end = ProcessResult::End::kSignalled;
  result.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<ProcessResult> RunProcess(const std::vector<std::string>& command,
                                 const ProcessOptions& options) {
  Capture output;
  Capture errors;
  for (Capture* stream : {&output, &errors}) {
    if (const int failure = stream->Open(); failure != 0) {
      return Failed(command.front(), "no pipe for its output", failure);
    }
  }
  const TimePoint start = SteadyClock().Now();
  pid_t child = 0;
  {
    AffinityLoan affinity;
    if (options.cpu.has_value()) {
      if (const int failure = affinity.Take(*options.cpu); failure != 0) {
        return Failed(command.front(), "cannot run on CPU " + std::to_string(*options.cpu),
                      failure);
      }
    }
    const int failure = Spawn(command, output.theirs(), errors.theirs(), child);
    if (failure != 0) return Failed(command.front(), "cannot be executed", failure);
  }
  output.CloseTheirs();
  errors.CloseTheirs();

  ProcessResult result;
  result.end = Supervise(child, output, errors, options, start + options.timeout);
  result.elapsed = SteadyClock().Now() - start;
  Finish(child, output, errors, options, result);
  return result;
}

}  // namespace assay::regression
