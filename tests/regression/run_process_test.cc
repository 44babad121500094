#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <algorithm>
#include <thread>

#include "tests/fixtures/open_files.h"
#include "tests/regression/run_fake.h"
#include "tools/regression/run/file_descriptor.h"
#include "tools/regression/run/process.h"

namespace assay::regression {
namespace {

using namespace std::chrono_literals;
using End = ProcessResult::End;

ProcessResult Shell(const std::string& script, const ProcessOptions& options = {}) {
  return RunProcess({"/bin/sh", "-c", script}, options).value();
}

bool IsLocked(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  return file.open() && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0;
}

// The kernel frees the locks of what was killed a moment later.
bool IsFreedSoon(const std::string& path) {
  const TimePoint deadline = SteadyClock().Now() + 5s;
  while (IsLocked(path) && SteadyClock().Now() < deadline) std::this_thread::yield();
  return !IsLocked(path);
}

TEST(RunProcess, GivesOutputErrorsAndExitStatus) {
  const ProcessResult result = Shell("cat; echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.end, End::kExited);
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_GT(result.elapsed, 0ns);
}

TEST(RunProcess, PassesArgumentsAsTheyAre) {
  const auto result = RunProcess({"/bin/echo", "a b", "", "$c *"}, {});
  EXPECT_EQ(result->output, "a b  $c *\n");
}

TEST(RunProcess, CountsCpuTime) {
  const ProcessResult result = Shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  EXPECT_GT(result.cpu, 0ns);
  EXPECT_LE(result.cpu, result.elapsed + 100ms);
}

TEST(RunProcess, TellsASignalFromAnExitStatus) {
  const ProcessResult result = Shell("kill -SEGV $$");
  EXPECT_EQ(result.end, End::kSignalled);
  EXPECT_EQ(result.status, SIGSEGV);
}

TEST(RunProcess, SaysWhyAProgramCannotBeExecuted) {
  const FakeFolder folder;
  EXPECT_EQ(RunProcess({"/no/such"}, {}).error().message,
            "/no/such: cannot be executed: No such file or directory");
  EXPECT_EQ(RunProcess({"/"}, {}).error().message, "/: cannot be executed: Permission denied");
  const std::string junk = folder.Write("junk", "\x7f not an executable");
  std::filesystem::permissions(junk, std::filesystem::perms::owner_all);
  EXPECT_EQ(RunProcess({junk}, {}).error().message,
            junk + ": cannot be executed: Exec format error");
}

TEST(RunProcess, TakesMuchOutputAndKeepsTheEndOfTheErrors) {
  const ProcessResult result =
      Shell("head -c 3000000 /dev/zero; head -c 100000 /dev/zero >&2; printf last >&2");
  EXPECT_EQ(result.output.size(), 3000000u);
  EXPECT_EQ(result.errors.size(), 2048u);
  EXPECT_TRUE(result.errors.ends_with("last"));
}

TEST(RunProcess, EndsAProgramThatPrintsTooMuch) {
  const ProcessResult result = Shell("cat /dev/zero", {.max_output = 100000});
  EXPECT_EQ(result.end, End::kTooMuchOutput);
  EXPECT_LT(result.output.size(), 300000u);
}

TEST(RunProcess, EndsTheWholeFamilyWhenTimeIsUp) {
  const FakeFolder folder;
  const std::string lock = folder.File("lock");
  const BenchmarkProgram fake = folder.Fake("A", "on run family " + lock);
  const auto result = RunProcess({fake.path(), fake.arguments().front(), "--benchmark_filter=x"},
                                 {.timeout = 150ms});
  EXPECT_EQ(result->end, End::kTimedOut);
  EXPECT_GE(result->elapsed, 150ms);
  EXPECT_TRUE(std::filesystem::exists(lock));
  EXPECT_TRUE(IsFreedSoon(lock));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a zombie is left";
}

TEST(RunProcess, DoesNotWaitForWhatAProgramLeavesBehind) {
  const FakeFolder folder;
  const std::string lock = folder.File("lock");
  const BenchmarkProgram fake = folder.Fake("A", "bench 1 x\non run orphan " + lock);
  const auto result = RunProcess(
      {fake.path(), fake.arguments().front(), "--benchmark_filter=x", "--benchmark_repetitions=1"},
      {.timeout = 30s});
  EXPECT_EQ(result->end, End::kExited);
  EXPECT_LT(result->elapsed, 10s);
  EXPECT_TRUE(result->output.ends_with("]}\n"));
  EXPECT_TRUE(IsFreedSoon(lock));
}

TEST(RunProcess, EndsWhenCancelled) {
  const std::atomic<bool> cancelled = true;
  const ProcessResult result = Shell("exec sleep 30", {.cancelled = &cancelled});
  EXPECT_EQ(result.end, End::kCancelled);
  EXPECT_LT(result.elapsed, 10s);
}

TEST(RunProcess, WaitsForAProgramThatHasClosedItsOutput) {
  const ProcessResult result =
      Shell("exec >&- 2>&-; i=0; while [ $i -lt 9999 ]; do i=$((i+1)); done; exit 4");
  EXPECT_EQ(result.status, 4);
}

TEST(RunProcess, GivesTheChildOnlyItsThreeStreams) {
  const FileDescriptor leaky(::open("/dev/null", O_RDONLY));
  const ProcessResult result = Shell("ls /proc/$$/fd");
  EXPECT_EQ(result.output, "0\n1\n2\n");
}

TEST(RunProcess, LeavesNoFileOpen) {
  const std::size_t before = OpenFiles();
  for (int i = 0; i < 50; ++i) Shell("exit 0");
  (void)RunProcess({"/no/such"}, {});
  EXPECT_EQ(OpenFiles(), before);
}

TEST(RunProcess, GivesTheChildASessionAndDefaultSignals) {
  sigset_t interrupt;
  sigset_t before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &interrupt, &before);
  const ProcessResult result = Shell("kill -TERM $$; exit 0");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(result.end, End::kSignalled);
  const ProcessResult session = Shell("cut -d' ' -f1,5,6 /proc/$$/stat");
  const std::string pid = session.output.substr(0, session.output.find(' '));
  EXPECT_EQ(session.output, pid + " " + pid + " " + pid + "\n");
}

TEST(RunProcess, PinsTheChildAndNotTheCaller) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(static_cast<std::size_t>(last), &before)) --last;
  const ProcessResult result = Shell("grep Cpus_allowed_list /proc/self/status", {.cpu = last});
  EXPECT_EQ(result.output, "Cpus_allowed_list:\t" + std::to_string(last) + "\n");
  cpu_set_t after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
  EXPECT_EQ(RunProcess({"/bin/true"}, {.cpu = 1 << 20}).error().message,
            "/bin/true: cannot run on CPU 1048576: Invalid argument");
}

}  // namespace
}  // namespace assay::regression
