// A program that answers to Google Benchmark's command line and measures nothing: it
// does what the script says that --script=FILE names. A script has one word and its
// arguments in each line:
//
//   label A                  who it is, for the log
//   log FILE                 each run appends "LABEL <tab> MIN_TIME <tab> REPETITIONS" and
//                            <tab> NAME for each benchmark; its lines so far number the run
//   bench TIME_NS NAME       a benchmark; CPU time TIME_NS, real time twice that
//   noisy TIME_NS NAME       the same, and up to 10 % more, by the number of the run
//   aggregates TIME_NS NAME  reports its aggregates only
//   hidden NAME              is listed and never reported
//   failing NAME             ends in SkipWithError("broken")
//   skipped NAME             ends in SkipWithMessage("not here")
//   counter VALUE NAME       a counter of the benchmark above
//   drifting VALUE NAME      the same, and more by the number of the run
//   uneven VALUE NAME        the same, and more by the number of the repetition
//   banner TEXT              printed before anything else
//   strict                   a filter that matches nothing is a failure
//   on WHEN ACTION [ARG]     WHEN: list, run, run:N for run number N only, or in:NAME for the
//                            moment before the results of that benchmark. ACTION:
//                            crash SIGNAL, exit STATUS, hang, silent, junk, truncated,
//                            interrupt [SIGNAL] (SIGUSR1 or that to its parent, then hangs),
//                            family LOCK_FILE (locks it, starts a child that keeps the lock
//                            and hangs), orphan LOCK_FILE (the same and carries on)
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "assay/core/hash.h"

namespace {

struct Counter {
  std::string kind{};
  std::string name{};
  double value = 0;
};

struct Benchmark {
  std::string kind{};
  std::string name{};
  double time_ns = 0;
  std::vector<Counter> counters{};
};

struct Script {
  std::string label;
  std::string log;
  std::string banner;
  bool strict = false;
  std::vector<Benchmark> benchmarks;
  std::map<std::string, std::pair<std::string, std::string>> actions;  // by WHEN
};

std::string Rest(std::istringstream& line) {
  std::string text;
  std::getline(line >> std::ws, text);
  return text;
}

Script ReadScript(const std::string& path) {
  Script script;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string word;
    line >> word;
    if (word == "label") {
      script.label = Rest(line);
    } else if (word == "log") {
      script.log = Rest(line);
    } else if (word == "banner") {
      script.banner = Rest(line);
    } else if (word == "strict") {
      script.strict = true;
    } else if (word == "on") {
      std::string when;
      std::string action;
      line >> when >> action;
      script.actions[when] = {action, Rest(line)};
    } else if (word == "counter" || word == "drifting" || word == "uneven") {
      Counter counter{.kind = word};
      line >> counter.value;
      counter.name = Rest(line);
      script.benchmarks.back().counters.push_back(counter);
    } else if (!word.empty()) {
      Benchmark benchmark{.kind = word};
      if (word == "bench" || word == "noisy" || word == "aggregates") line >> benchmark.time_ns;
      benchmark.name = Rest(line);
      script.benchmarks.push_back(benchmark);
    }
  }
  return script;
}

int LinesIn(const std::string& path) {
  std::ifstream file(path);
  int lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  return lines;
}

[[noreturn]] void Hang() {
  while (true) pause();
}

// The lock belongs to the open file, which parent and child share: it is free again
// when both are gone.
void StartFamily(const std::string& lock) {
  const int file = open(lock.c_str(), O_RDWR | O_CREAT, 0666);
  flock(file, LOCK_EX);
  if (fork() == 0) Hang();
}

// Whether the run ends here.
bool Act(const std::pair<std::string, std::string>& what) {
  const auto& [action, argument] = what;
  if (action == "exit") {
    std::cerr << "first line\ncannot find the thing\n";
    exit(std::stoi(argument));
  }
  if (action == "crash") raise(std::stoi(argument));
  if (action == "family" || action == "orphan") StartFamily(argument);
  if (action == "interrupt") kill(getppid(), argument.empty() ? SIGUSR1 : std::stoi(argument));
  if (action == "hang" || action == "family" || action == "interrupt") Hang();
  if (action == "junk") std::cout << "<html>\n\x01\x02 junk\n";
  if (action == "truncated") std::cout << "{\"context\": {}, \"benchmarks\": [{\"name\": \"a\",";
  return action == "silent" || action == "junk" || action == "truncated";
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + "\"";
}

double ValueOf(const Counter& counter, int run, int repetition) {
  if (counter.kind == "drifting") return counter.value + run;
  return counter.value + (counter.kind == "uneven" ? repetition : 0);
}

std::string EntryText(const Benchmark& benchmark, int run, int repetition, double time_ns) {
  std::ostringstream entry;
  entry.precision(17);
  const bool aggregate = benchmark.kind == "aggregates";
  entry << "{\"name\": " << Quoted(benchmark.name + (aggregate ? "_median" : ""))
        << ", \"run_name\": " << Quoted(benchmark.name) << ", \"run_type\": \""
        << (aggregate ? "aggregate" : "iteration") << "\", \"threads\": 1, ";
  if (aggregate) {
    entry << "\"aggregate_name\": \"median\", \"aggregate_unit\": \"time\", ";
  } else {
    entry << "\"repetition_index\": " << repetition << ", ";
  }
  if (benchmark.kind == "failing") {
    entry << "\"error_occurred\": true, \"error_message\": \"broken\", ";
  } else if (benchmark.kind == "skipped") {
    entry << "\"skipped\": true, \"skip_message\": \"not here\", ";
  }
  entry << "\"iterations\": 100, \"real_time\": " << 2 * time_ns << ", \"cpu_time\": " << time_ns
        << ", \"time_unit\": \"ns\"";
  for (const Counter& counter : benchmark.counters) {
    entry << ", " << Quoted(counter.name) << ": " << ValueOf(counter, run, repetition);
  }
  entry << "}";
  return entry.str();
}

void Report(const Script& script, const std::vector<Benchmark>& selected, int run,
            int repetitions) {
  std::cout << "{\"context\": {\"label\": " << Quoted(script.label)
            << ", \"library_build_type\": \"release\"}, \"benchmarks\": [";
  const char* separator = "";
  for (const Benchmark& benchmark : selected) {
    if (benchmark.kind == "hidden") continue;
    const auto action = script.actions.find("in:" + benchmark.name);
    if (action != script.actions.end()) {
      std::cout.flush();  // as Google Benchmark does after each
      if (Act(action->second)) return;
    }
    double time = benchmark.time_ns;
    if (benchmark.kind == "noisy") {
      const auto stream = script.label + benchmark.name;
      const auto key = static_cast<std::uint64_t>(run);
      time *= 1 + 0.1 * assay::UnitInterval(assay::Draw(1, stream, key, 0));
    }
    const int entries = benchmark.kind == "aggregates" ? 1 : repetitions;
    for (int repetition = 0; repetition < entries; ++repetition) {
      // The last repetition is an outlier, which a median does not see.
      const bool outlier = repetition > 0 && repetition == entries - 1;
      std::cout << separator << EntryText(benchmark, run, repetition, outlier ? 5 * time : time);
      separator = ",\n";
    }
  }
  std::cout << "]}\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const std::size_t equals = flag.find('=');
    flags[flag.substr(0, equals)] = equals == std::string::npos ? "" : flag.substr(equals + 1);
  }
  const Script script = ReadScript(flags["--script"]);
  const bool list = flags["--benchmark_list_tests"] == "true";
  const int run = LinesIn(script.log);

  std::vector<Benchmark> selected;
  // What Google Benchmark uses.
  const std::regex filter(flags["--benchmark_filter"], std::regex_constants::extended);
  for (const Benchmark& benchmark : script.benchmarks) {
    if (std::regex_search(benchmark.name, filter)) selected.push_back(benchmark);
  }
  if (!list && !script.log.empty()) {
    std::ofstream log(script.log, std::ios::app);
    log << script.label << '\t' << flags["--benchmark_min_time"] << '\t'
        << flags["--benchmark_repetitions"];
    for (const Benchmark& benchmark : selected) log << '\t' << benchmark.name;
    log << '\n';
  }
  for (const std::string& when :
       {std::string(list ? "list" : "run"), "run:" + std::to_string(run)}) {
    const auto action = script.actions.find(when);
    if (action != script.actions.end() && (when == "list" || !list) && Act(action->second))
      return 0;
  }
  if (!script.banner.empty()) std::cout << script.banner << '\n';
  if (selected.empty()) {
    std::cerr << "Failed to match any benchmarks against regex: " << flags["--benchmark_filter"]
              << '\n';
    return script.strict ? 2 : 0;
  }
  if (list) {
    for (const Benchmark& benchmark : selected) std::cout << benchmark.name << '\n';
    return 0;
  }
  Report(script, selected, run, std::stoi(flags["--benchmark_repetitions"]));
  return 0;
}
