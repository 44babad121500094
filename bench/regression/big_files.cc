// How long two big reports take to compare, by assay and by compare.py in turn.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "assay/core/hash.h"
#include "assay/core/result.h"
#include "tools/regression/decide/two_samples.h"

extern char** environ;

namespace assay::regression {
namespace {

constexpr int kBenchmarks = 10000;
constexpr int kRepetitions = 10;
constexpr double kMostSeconds = 1;
constexpr double kMostMegabytes = 500;
constexpr double kLeastRatio = 10;

// As Google Benchmark 1.7.1 writes it: every repetition and the four aggregates.
std::string EntryText(int benchmark, int repetition, const char* aggregate, double ns) {
  static constexpr const char* kFormat = R"(    {
      "name": "BM_Generated/%d%s%s",
      "family_index": %d,
      "per_family_instance_index": 0,
      "run_name": "BM_Generated/%d",
      "run_type": "%s",
      "repetitions": 10,
%s      "threads": 1,
      "iterations": 10000,
      "real_time": %.17e,
      "cpu_time": %.17e,
      "time_unit": "ns"
    })";
  const bool whole = *aggregate != '\0';
  const std::string only =
      whole ? "      \"aggregate_name\": \"" + std::string(aggregate) +
                  "\",\n      \"aggregate_unit\": \"time\",\n"
            : "      \"repetition_index\": " + std::to_string(repetition) + ",\n";
  std::array<char, 1024> text{};
  std::snprintf(text.data(), text.size(), kFormat, benchmark, whole ? "_" : "", aggregate,
                benchmark, benchmark, whole ? "aggregate" : "iteration", only.c_str(), ns, ns);
  return text.data();
}

bool WriteReport(const std::string& path, std::uint64_t seed) {
  std::ofstream file(path, std::ios::binary);
  file << R"({
  "context": {
    "date": "2026-01-01T00:00:00+00:00",
    "host_name": "generated",
    "executable": "./generated",
    "num_cpus": 2,
    "mhz_per_cpu": 2000,
    "cpu_scaling_enabled": false,
    "caches": [],
    "load_avg": [0.1,0.1,0.1],
    "library_build_type": "release"
  },
  "benchmarks": [
)";
  for (int benchmark = 0; benchmark < kBenchmarks; ++benchmark) {
    const auto key = static_cast<std::uint64_t>(benchmark);
    const double level = 100 + 1000 * UnitInterval(Draw(0, "level", key, 0));
    std::vector<double> times;
    for (std::uint64_t i = 0; i < kRepetitions; ++i) {
      times.push_back(level * (1 + 0.05 * UnitInterval(Draw(seed, "time", key, i))));
    }
    for (int i = 0; i < kRepetitions; ++i) {
      file << EntryText(benchmark, i, "", times[static_cast<std::size_t>(i)]) << ",\n";
    }
    const double median = Median(times);
    file << EntryText(benchmark, 0, "mean", median) << ",\n"
         << EntryText(benchmark, 0, "median", median)
         << (benchmark + 1 == kBenchmarks ? "\n" : ",\n");
  }
  file << "  ]\n}\n";
  return static_cast<bool>(file.flush());
}

struct Cost {
  bool stopped = false;  // it would have taken longer
  double seconds = 0;
  double megabytes = 0;  // resident, at the most
};

// Of a command whose output nobody reads and that may take `limit` seconds. Exit status 1 says that
// something was found.
Result<Cost> Run(std::vector<std::string> command, double limit) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) return Error{ErrorCode::kIo, command[0] + ": cannot be executed"};
  const auto took = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, WNOHANG, &usage) == 0) {
    if (took() > limit) {
      ::kill(child, SIGKILL);
      ::wait4(child, &status, 0, &usage);
      return Cost{true, limit, static_cast<double>(usage.ru_maxrss) / 1024};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
    return Error{ErrorCode::kIo, command[0] + ": could not compare the reports"};
  }
  return Cost{false, took(), static_cast<double>(usage.ru_maxrss) / 1024};
}

struct Costs {
  std::vector<double> seconds{};
  double megabytes = 0;

  void Add(const Cost& cost) {
    seconds.push_back(cost.seconds);
    megabytes = std::max(megabytes, cost.megabytes);
  }
};

int PrintVerdict(const Costs& ours, const std::optional<Cost>& theirs) {
  const auto [least, most] = std::ranges::minmax(ours.seconds);
  const double seconds = Median(ours.seconds);
  std::printf("assay        %8.2f s (%.2f to %.2f in %zu runs), at most %.0f MB\n", seconds, least,
              most, ours.seconds.size(), ours.megabytes);
  bool met = seconds <= kMostSeconds && ours.megabytes <= kMostMegabytes;
  if (!theirs) {
    std::printf("compare.py   not measured: not installed; --compare-py says where it is\n");
  } else {
    const char* const more = theirs->stopped ? "more than " : "";
    const double ratio = theirs->seconds / seconds;
    std::printf("compare.py   %s%.2f s%s, %s%.0f MB\n", more, theirs->seconds,
                theirs->stopped ? ", then stopped" : "", more, theirs->megabytes);
    std::printf("assay is     %s%.0f x faster\n", more, ratio);
    met = met && ratio >= kLeastRatio;
  }
  std::printf("two big files: required <= %.0f s, <= %.0f MB%s   %s\n", kMostSeconds,
              kMostMegabytes, theirs ? ", >= 10 x faster than compare.py" : "",
              met ? "met" : "NOT MET");
  return met ? 0 : 1;
}

struct Options {
  std::string assay{};
  std::string compare_py{};
  int runs = 3;
  double limit = 1200;
};

int Compare(const Options& options, const std::string& folder) {
  const auto fail = [](const std::string& message) {
    std::fprintf(stderr, "regression_big_files: %s\n", message.c_str());
    return 3;
  };
  const std::string base = folder + "/base.json";
  const std::string head = folder + "/head.json";
  if (!WriteReport(base, 1) || !WriteReport(head, 2)) return fail(folder + ": cannot be written");
  std::printf("Two reports of %d benchmarks x %d repetitions, %.0f MB each\n", kBenchmarks,
              kRepetitions, static_cast<double>(std::filesystem::file_size(base)) / 1e6);
  Costs ours;
  std::optional<Cost> theirs;
  for (int run = 0; run < options.runs; ++run) {
    auto cost =
        Run({options.assay, "compare", "--fail-on", "regressed", base, head}, options.limit);
    if (!cost) return fail(cost.error().message);
    ours.Add(*cost);
    // Once, in the middle: it takes minutes, so drift matters little.
    if (options.compare_py.empty() || run != options.runs / 2) continue;
    cost = Run({options.compare_py, "benchmarks", base, head}, options.limit);
    if (!cost) return fail(cost.error().message);
    theirs = *cost;
  }
  return PrintVerdict(ours, theirs);
}

int Main(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    if (name == "--assay") options.assay = arguments[i + 1];
    if (name == "--compare-py") options.compare_py = arguments[i + 1];
    if (name == "--runs") options.runs = std::atoi(arguments[i + 1]);
    if (name == "--limit") options.limit = std::atof(arguments[i + 1]);
  }
  if (options.assay.empty() || options.runs < 1 || options.limit <= 0 || count % 2 == 0) {
    const bool help = count == 2 && std::string(arguments[1]) == "--help";
    std::fputs(
        "usage: regression_big_files --assay PATH [--compare-py PATH] [--runs N (3)]\n"
        "       [--limit S (1200)]\n"
        "Writes two reports into a folder of its own below the one for temporary files and\n"
        "compares them by both, by compare.py once and for S seconds at most. Exit status: 0 as "
        "required, 1 not so, 2 wrong option,\n"
        "3 could not be run.\n",
        help ? stdout : stderr);
    return help ? 0 : 2;
  }
  std::string folder = std::filesystem::temp_directory_path() / "assay_big_files_XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "regression_big_files: %s: cannot be created\n", folder.c_str());
    return 3;
  }
  const int status = Compare(options, folder);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** arguments) { return assay::regression::Main(count, arguments); }
