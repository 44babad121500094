#include "bench/harness/wrk.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>

extern char** environ;

namespace assay::bench {
namespace {

Error Failed(const std::string& why) { return {ErrorCode::kIo, "wrk: " + why}; }

// The number right before or after `label`.
template <class Number>
bool NumberBefore(std::string_view text, std::string_view label, Number& number) {
  const std::size_t end = text.find(label);
  if (end == std::string_view::npos) return false;
  const std::size_t begin = text.find_last_not_of("0123456789", end - 1) + 1;
  return std::from_chars(text.data() + begin, text.data() + end, number).ec == std::errc();
}

bool NumberAfter(std::string_view text, std::string_view label, double& number) {
  std::size_t begin = text.find(label);
  if (begin == std::string_view::npos) return false;
  begin = text.find_first_not_of(' ', begin + label.size());
  if (begin == std::string_view::npos) return false;
  return std::from_chars(text.data() + begin, text.data() + text.size(), number).ec == std::errc();
}

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

Result<WrkReport> ParseWrk(std::string_view output) {
  WrkReport report;
  for (const std::string_view trouble : {"Socket errors", "Non-2xx or 3xx responses"}) {
    if (output.find(trouble) != std::string_view::npos) {
      return Failed(std::string(output.substr(output.find(trouble), 80)));
    }
  }
  if (!NumberBefore(output, " requests in ", report.requests) ||
      !NumberAfter(output, "Requests/sec:", report.requests_per_second)) {
    return Failed("unexpected output: " + std::string(output.substr(0, 200)));
  }
  return report;
}

Result<WrkReport> RunWrk(const std::string& url, int connections, int seconds) {
  std::array<std::string, 5> arguments = {"wrk", "-t1", "-c" + std::to_string(connections),
                                          "-d" + std::to_string(seconds) + "s", url};
  std::array<char*, 6> argv{};
  for (std::size_t i = 0; i < arguments.size(); ++i) argv[i] = arguments[i].data();

  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Failed("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, "wrk", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  const std::string output = failure == 0 ? ReadAll(pipe[0]) : "";
  ::close(pipe[0]);
  if (failure != 0) return Failed("not installed (Debian: apt-get install wrk)");

  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || status != 0) {
    return Failed("exit status " + std::to_string(status));
  }
  auto report = ParseWrk(output);
  if (report.ok()) report->cpu = ToDuration(usage.ru_utime) + ToDuration(usage.ru_stime);
  return report;
}

}  // namespace assay::bench
