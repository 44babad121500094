// The real `assay serve` as a child of the test.
#ifndef ASSAY_TESTS_SERVE_SERVE_CHILD_H_
#define ASSAY_TESTS_SERVE_SERVE_CHILD_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace assay::serve {

class ServeChild {
 public:
  explicit ServeChild(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {ASSAY_PROGRAM, "serve"});
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    int out[2];
    int err[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    EXPECT_EQ(::posix_spawn(&pid_, words.front(), &actions, nullptr, words.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    ::close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~ServeChild() {
    CloseOutputs();
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ServeChild(const ServeChild&) = delete;
  ServeChild& operator=(const ServeChild&) = delete;

  // The next line, without its end; what there was if the stream ended first.
  std::string OutLine() { return Line(out_); }
  std::string ErrLine() { return Line(err_); }

  // The port of the first line, which has to begin with `scheme`; 0 if it has not.
  std::uint16_t Port(const std::string& scheme = "http") {
    const std::string line = OutLine();
    const std::string before = "listening on " + scheme + "://127.0.0.1:";
    if (!line.starts_with(before)) {
      ADD_FAILURE() << line << ErrLine();
      return 0;
    }
    return static_cast<std::uint16_t>(std::atoi(line.c_str() + before.size()));
  }

  void Kill(int signal) const { ::kill(pid_, signal); }

  // As if those who read them had gone.
  void CloseOutputs() {
    for (int* stream : {&out_, &err_}) {
      if (*stream >= 0) ::close(std::exchange(*stream, -1));
    }
  }

  // Its exit status when it has ended, -1 for any other end.
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // All that is left on stderr, up to its end.
  std::string Errors() {
    std::string text;
    for (std::string line = Line(err_); !line.empty(); line = Line(err_)) text += line + "\n";
    return text;
  }

 private:
  static std::string Line(int stream) {
    constexpr int kPatienceMs = 20'000;  // only a test that fails waits that long
    std::string line;
    for (char c = 0;;) {
      pollfd poller{.fd = stream, .events = POLLIN, .revents = 0};
      if (::poll(&poller, 1, kPatienceMs) != 1) {
        ADD_FAILURE() << "silence after \"" << line << '"';
        return line;
      }
      if (::read(stream, &c, 1) != 1 || c == '\n') return line;
      line += c;
    }
  }

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

}  // namespace assay::serve

#endif  // ASSAY_TESTS_SERVE_SERVE_CHILD_H_
