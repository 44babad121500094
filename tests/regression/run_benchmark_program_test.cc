#include <gtest/gtest.h>

#include <map>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/benchmark_program.h"

namespace assay::regression {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

constexpr ProcessOptions kHasty = {.timeout = 150ms};

template <class T>
std::string MessageOf(const Result<T>& result, const BenchmarkProgram& program) {
  if (result.ok()) return "no error";
  const std::string& message = result.error().message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_TRUE(message.starts_with(program.path() + ": ")) << message;
  return message.substr(program.path().size() + 2);
}

std::string ListError(const BenchmarkProgram& program, const ProcessOptions& options = {}) {
  return MessageOf(program.List(".", options), program);
}

std::string RunError(const BenchmarkProgram& program, const Names& names = {"a"},
                     const ProcessOptions& options = {}) {
  return MessageOf(program.Run(names, {.min_time_s = 1e-4, .process = options}), program);
}

TEST(BenchmarkProgram, ListsWhatTheFilterSelects) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "bench 1 b/1\nbench 1 a x, y\nbench 1 b/2\n");
  EXPECT_EQ(fake.List(".", {}).value(), (Names{"b/1", "a x, y", "b/2"}));
  EXPECT_EQ(fake.List("^b", {}).value(), (Names{"b/1", "b/2"}));
}

TEST(BenchmarkProgram, DoesNotTakeAGreetingForAName) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "banner Hello, world\nbench 1 a\n");
  EXPECT_EQ(fake.List(".", {}).value(), Names{"a"});
}

TEST(BenchmarkProgram, LetsAProgramFailWhenNothingMatches) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "strict\nbench 1 a\n");
  EXPECT_EQ(fake.List(".", {}).value(), Names{"a"});
  EXPECT_EQ(MessageOf(fake.List("b", {}), fake), "listing its benchmarks: no benchmark matches b");
  EXPECT_EQ(RunError(fake, {"gone"}),
            "running 1 of its benchmarks: the report is without \"gone\": its list of benchmarks "
            "changes from run to run");
}

TEST(BenchmarkProgram, SaysWhyThereIsNoList) {
  const FakeFolder folder;
  const auto error = [&](const std::string& action, const ProcessOptions& options = {}) {
    return ListError(folder.Fake("A", "bench 1 a\non list " + action), options);
  };
  EXPECT_EQ(error("silent"),
            "listing its benchmarks: printed nothing: not a Google Benchmark program");
  EXPECT_EQ(error("exit 2"),
            "listing its benchmarks: exit status 2; its last words: cannot find the thing");
  EXPECT_EQ(error("crash 9"), "listing its benchmarks: crashed by signal 9 (SIGKILL)");
  EXPECT_EQ(error("hang", kHasty), "listing its benchmarks: not finished after 150 ms");
  EXPECT_EQ(error("junk"),
            "listing its benchmarks: printed something else than names: not a Google Benchmark "
            "program");
}

TEST(BenchmarkProgram, TellsOtherProgramsFromGoogleBenchmark) {
  const std::string deaf =
      "listing its benchmarks: the answer does not depend on the filter: not a Google Benchmark "
      "program";
  EXPECT_EQ(ListError(BenchmarkProgram("/bin/echo")), deaf);
  EXPECT_EQ(ListError(BenchmarkProgram("/bin/sh", {"-c", "echo PASSED"})), deaf);
  EXPECT_TRUE(ListError(BenchmarkProgram("/bin/true"))
                  .starts_with("listing its benchmarks: printed nothing"));
  EXPECT_TRUE(ListError(BenchmarkProgram("/bin/ls"))
                  .starts_with("listing its benchmarks: exit status 2; its last words: "));
  EXPECT_EQ(ListError(BenchmarkProgram("/no/such")),
            "cannot be executed: No such file or directory");
}

TEST(BenchmarkProgram, RunsExactlyTheNamedBenchmarks) {
  const FakeFolder folder;
  const Names odd = {"a+b/(c)[d]", "BM_x<int>/8", "a.b{2}|c", "^$*?\\d", "\"q\"/'1'", "\xc3\xa9"};
  std::string script;
  for (const std::string& name : odd) script += "bench 5 " + name + "\nbench 5 x" + name + "x\n";
  const auto fake =
      folder.Fake("A", script + "bench 5 aab/c\nbench 5 BM_x<int>/88\nbench 5 axb{2}|c");
  for (const std::string& name : odd) {
    const Document report = fake.Run(Names{name}, {.repetitions = 1}).value();
    ASSERT_EQ(report.entries.size(), 1u) << name;
    EXPECT_EQ(report.entries[0].run_name, name);
  }
  EXPECT_EQ(fake.Run(odd, {.repetitions = 2})->entries.size(), 2 * odd.size());
}

TEST(BenchmarkProgram, PassesTimeAndRepetitionsInTheWordsOfEveryVersion) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "bench 5 a");
  ASSERT_TRUE(fake.Run(Names{"a"}, {.min_time_s = 0.00005, .repetitions = 7}).ok());
  ASSERT_TRUE(fake.Run(Names{"a"}, {.min_time_s = 2, .repetitions = 1}).ok());
  EXPECT_EQ(folder.Lines("launches"), (Names{"A\t0.00005\t7\ta", "A\t2\t1\ta"}));
}

TEST(BenchmarkProgram, SplitsWhatDoesNotFitOneCommandLine) {
  const FakeFolder folder;
  Names names;
  std::string script;
  for (int i = 0; i < 700; ++i) {
    names.push_back("n" + std::to_string(i) + std::string(100, '.'));
    script += "bench 5 " + names.back() + "\n";
  }
  const auto fake = folder.Fake("A", script);
  EXPECT_EQ(fake.Run(names, {.repetitions = 1})->entries.size(), names.size());
  EXPECT_EQ(folder.Lines("launches").size(), 3u);
}

TEST(NamesThatFit, CountsTheEscapesAndTakesAtLeastOne) {
  const Names names = {"ab", "c.d", "e"};
  EXPECT_EQ(FilterFor(names), "^(ab|c\\.d|e)$");
  EXPECT_EQ(NamesThatFit(names, 4 + 3 + 5 + 2), 3u);
  EXPECT_EQ(NamesThatFit(names, 4 + 3 + 5 + 1), 2u);
  EXPECT_EQ(NamesThatFit(names, 4 + 3 + 4), 1u);
  EXPECT_EQ(NamesThatFit(names, 1), 1u);
}

TEST(BenchmarkProgram, SaysWhyThereIsNoReport) {
  const FakeFolder folder;
  const auto error = [&](const std::string& action) {
    return RunError(folder.Fake("A", "bench 1 a\non run " + action), {"a"}, kHasty);
  };
  EXPECT_EQ(error("silent"), "running 1 of its benchmarks: printed nothing");
  EXPECT_EQ(error("exit 1"),
            "running 1 of its benchmarks: exit status 1; its last words: cannot find the thing");
  EXPECT_EQ(error("crash 6"), "running 1 of its benchmarks: crashed by signal 6 (SIGABRT)");
  EXPECT_EQ(error("hang"), "running 1 of its benchmarks: not finished after 153 ms");
  EXPECT_TRUE(error("junk").starts_with("running 1 of its benchmarks: printed no report: "));
  EXPECT_EQ(error("truncated"),
            "running 1 of its benchmarks: its report ends early while in \"a\" (0 of 1 were "
            "finished)");
}

TEST(BenchmarkProgram, NamesTheBenchmarkThatRanWhenALaunchEnded) {
  const FakeFolder folder;
  const Names names = {"a", "b", "c"};
  const auto error = [&](const std::string& action) {
    const auto fake = folder.Fake("A", "bench 1 a\nbench 1 b\nbench 1 c\non in:" + action);
    return RunError(fake, names, kHasty);
  };
  const std::string running = "running 3 of its benchmarks: ";
  const std::string in_b = " while in \"b\" (1 of 3 were finished)";
  EXPECT_EQ(error("b crash 9"), running + "crashed by signal 9 (SIGKILL)" + in_b);
  EXPECT_EQ(error("b exit 3"),
            running + "exit status 3" + in_b + "; its last words: cannot find the thing");
  EXPECT_EQ(error("b hang"), running + "not finished after 159 ms" + in_b);
  EXPECT_EQ(error("b silent"), running + "its report ends early" + in_b);
  EXPECT_EQ(error("a crash 9"),
            running + "crashed by signal 9 (SIGKILL) while in \"a\" (0 of 3 were finished)");
  EXPECT_EQ(error("c crash 9"),
            running + "crashed by signal 9 (SIGKILL) while in \"c\" (2 of 3 were finished)");
}

TEST(BenchmarkProgram, SaysNothingOfWhereItEndedWhenThatIsUnknown) {
  const FakeFolder folder;
  const auto crash = [&](const std::string& script, const Names& names) {
    return RunError(folder.Fake("A", script + "\non in:z crash 9"), names);
  };
  // Everything that was asked for is there.
  EXPECT_EQ(crash("bench 1 a\nbench 1 z", {"a"}), "no error");
  const auto failed = [&](const std::string& print, const std::string& exit) {
    return RunError(BenchmarkProgram("/bin/sh", {"-c", "echo '" + print + "'; exit " + exit}));
  };
  EXPECT_EQ(failed("Hello", "3"), "running 1 of its benchmarks: exit status 3");
  // A whole report, and then a failure: not in a benchmark.
  EXPECT_EQ(failed("{\"context\": {}, \"benchmarks\": []}", "3"),
            "running 1 of its benchmarks: exit status 3");
}

TEST(BenchmarkProgram, JoinsTheReportsOfOneLaunch) {
  const auto report = [](const std::string& name, const char* end) {
    return R"({"context": {}, "benchmarks": [{"name": ")" + name + R"(", "run_name": ")" + name +
           R"(", "run_type": "iteration", "iterations": 1, "real_time": 1, "cpu_time": 1, )"
           R"("time_unit": "ns"})" +
           end;
  };
  const auto run = [&](const std::string& text) {
    return BenchmarkProgram("/bin/sh", {"-c", "echo '" + text + "'"});
  };
  const Names names = {"a", "b"};
  const auto whole = run(report("a", "]}") + "\n" + report("b", "]}")).Run(names, {});
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->entries.size(), 2u);
  EXPECT_EQ(RunError(run(report("a", "]}") + "\n" + report("b", ",")), {"a", "b", "c"}),
            "running 3 of its benchmarks: its report ends early while in \"c\" (2 of 3 were "
            "finished)");
}

TEST(BenchmarkProgram, ATimeoutHasItsOwnCode) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "bench 1 a\non run hang");
  EXPECT_EQ(fake.Run(Names{"a"}, {.min_time_s = 1e-4, .process = kHasty}).error().code,
            ErrorCode::kTimeout);
  EXPECT_EQ(BenchmarkProgram("/no/such").Run(Names{"a"}, {}).error().code, ErrorCode::kIo);
}

TEST(BenchmarkProgram, NoticesThatTheListHasChanged) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "bench 1 a\nhidden b\n");
  EXPECT_EQ(RunError(fake, {"a", "b"}),
            "running 2 of its benchmarks: the report is without \"b\": its list of benchmarks "
            "changes from run to run");
  EXPECT_EQ(RunError(fake, {"gone"}),
            "running 1 of its benchmarks: the report is without \"gone\": its list of benchmarks "
            "changes from run to run");
}

TEST(BenchmarkProgram, ReadsAReportBehindAGreeting) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "banner Hello, world\nbench 1 a\n");
  const Document report = fake.Run(Names{"a"}, {}).value();
  EXPECT_EQ(report.entries.size(), 3u);
  EXPECT_EQ(report.path, fake.path());
  EXPECT_EQ(report.Fact("label"), "A");
}

}  // namespace
}  // namespace assay::regression
