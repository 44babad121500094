#include "bench/harness/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

extern char** environ;

namespace assay::bench {
namespace {

Duration ToDuration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::string ReadAll(int fd) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t bytes; (bytes = ::read(fd, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  return text;
}

}  // namespace

Result<ProcessRun> RunProcess(std::vector<std::string> command, const std::string& remedy) {
  const std::string name = command.front().substr(command.front().find_last_of('/') + 1);
  const auto failed = [&](const std::string& why) {
    return Error{ErrorCode::kIo, name + ": " + why};
  };
  std::vector<char*> argv;
  for (std::string& argument : command) argv.push_back(argument.data());
  argv.push_back(nullptr);

  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return failed("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  ProcessRun run{.output = failure == 0 ? ReadAll(pipe[0]) : ""};
  ::close(pipe[0]);
  if (failure != 0) return failed("not there (" + remedy + ")");

  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || status != 0) {
    return failed(WIFEXITED(status) ? "exit status " + std::to_string(WEXITSTATUS(status))
                                    : "ended by signal " + std::to_string(WTERMSIG(status)));
  }
  run.cpu = ToDuration(usage.ru_utime) + ToDuration(usage.ru_stime);
  return run;
}

}  // namespace assay::bench
