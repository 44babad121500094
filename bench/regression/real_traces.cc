// Records comparisons of a program with itself and with one that does exactly so much more work,
// and prints what assay and the rules of other tools say of them. Run with --help.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include "bench/regression/load.h"
#include "bench/regression/real_table.h"
#include "bench/regression/record.h"

namespace assay::regression {
namespace {

constexpr const char* kHelp =
    R"(usage: regression_real_traces [--rounds N] [--injected N] [--reports N] [options]
       regression_real_traces --load FILE

Records N rounds of regression_workload against itself (92), N of each +10 %, +5 %, +6 % and x2 of
its work (10), each of --blocks blocks (32) that are all measured, and N reports of ten repetitions
(100; a fifth as many at x2). Then replays them through the decisions of `assay compare` and prints
how often it was right beside what is required, and the same by the rules of other tools.

Meanwhile a neighbour on the last CPU works for random spans, half of the time. Benchmarks are not
pinned: which CPU they get is the system's affair, as for who compares without options; that is the
noisier of the two. --cpu pins them.

  --save FILE        also keep the traces (JSON lines, as they are measured)
  --load FILE        judge kept traces instead of recording
  --workload PATH    the program (beside this one)
  --min-time S       of a repetition in a block (0.001)
  --repetitions N    in a launch of a block (3)
  --report-min-time S  of a repetition in a report (0.02)
  --seed N           of all orders and of the neighbour (1)
  --cpu N            the only CPU of the benchmarks
  --no-load          no neighbour

Exit status: 0 all required figures met or not measured, 1 one is not, 2 wrong option, 3 something
could not be read, run or written.
)";

struct Arguments {
  RecordPlan plan{};
  int rounds = 92;  // 22 rows: more than 2,000 comparisons
  int injected = 10;
  std::string save{};
  std::string load{};
  bool help = false;
};

template <class Number>
bool Read(std::string_view text, Number& number, Number low, Number high) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end && number >= low && number <= high;
}

// True when `name` is an option with a value and that value is one for it.
bool TakeValue(std::string_view name, std::string_view value, Arguments& arguments) {
  RecordPlan& plan = arguments.plan;
  const auto text = [&](std::string& target) {
    target = value;
    return !target.empty();
  };
  if (name == "--rounds") return Read(value, arguments.rounds, 0, 10000);
  if (name == "--injected") return Read(value, arguments.injected, 0, 10000);
  if (name == "--reports") return Read(value, plan.reports, 0, 10000);
  if (name == "--blocks") return Read(value, plan.blocks, 1, 256);
  if (name == "--min-time") return Read(value, plan.header.min_time_s, 1e-6, 100.0);
  if (name == "--report-min-time") return Read(value, plan.header.report_min_time_s, 1e-6, 100.0);
  if (name == "--repetitions") return Read(value, plan.header.repetitions, 1, 1000);
  if (name == "--seed") return Read<std::uint64_t>(value, plan.header.seed, 0, ~std::uint64_t{0});
  if (name == "--cpu") return Read(value, plan.header.cpu.emplace(), 0, 1023);
  if (name == "--save") return text(arguments.save);
  if (name == "--load") return text(arguments.load);
  return name == "--workload" && text(plan.workload);
}

Result<Arguments> Parse(int count, char** values) {
  Arguments arguments;
  const std::string self = values[0];
  const std::size_t folder = self.rfind('/');
  arguments.plan.workload =
      (folder == std::string::npos ? "." : self.substr(0, folder)) + "/regression_workload";
  arguments.plan.reports = 100;
  for (int i = 1; i < count; ++i) {
    const std::string name = values[i];
    if (name == "--help" || name == "-h") {
      arguments.help = true;
    } else if (name == "--no-load") {
      arguments.plan.header.load = false;
    } else if (i + 1 == count || !TakeValue(name, values[i + 1], arguments)) {
      return Error{ErrorCode::kInvalidRequest,
                   name + ": unknown, or without a value that it takes; see --help"};
    } else {
      ++i;
    }
  }
  for (const double extra : {0.10, 0.05, 0.06, 1.0}) {
    arguments.plan.rounds.push_back({extra, arguments.injected});
  }
  arguments.plan.rounds.insert(arguments.plan.rounds.begin(), {0, arguments.rounds});
  arguments.plan.reports_twice_as_slow = arguments.plan.reports / 5;
  return arguments;
}

Result<Traces> LoadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kIo, path + ": cannot be read, or is empty"};
  }
  return ParseTraces(path, text.str());
}

Result<Traces> RecordAndSave(const Arguments& arguments) {
  std::ofstream file;
  if (!arguments.save.empty()) file.open(arguments.save, std::ios::binary | std::ios::trunc);
  std::optional<Load> neighbour;
  if (arguments.plan.header.load) {
    const int last = static_cast<int>(std::thread::hardware_concurrency()) - 1;
    auto started = Load::Start(last, arguments.plan.header.seed);
    if (!started) return started.error();
    neighbour.emplace(std::move(started).value());
  }
  const auto write = [&](const std::string& line) -> Result<Done> {
    if (arguments.save.empty() || file.write(line.data(), std::ssize(line)).flush()) return Done{};
    return Error{ErrorCode::kIo, arguments.save + ": cannot be written"};
  };
  return Record(arguments.plan, write, [](const std::string& text) {
    std::fprintf(stderr, "recording: %s\n", text.c_str());
  });
}

int Main(int count, char** values) {
  const auto fail = [](const Error& error, int status) {
    std::fprintf(stderr, "regression_real_traces: %s\n", error.message.c_str());
    return status;
  };
  const auto arguments = Parse(count, values);
  if (!arguments) return fail(arguments.error(), 2);
  if (arguments->help) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const auto traces =
      arguments->load.empty() ? RecordAndSave(*arguments) : LoadFile(arguments->load);
  if (!traces) return fail(traces.error(), 3);
  const TraceHeader& header = traces->header;
  std::printf("%zu blocks of four launches of %d x %g s, %zu reports of 10 x %g s; %s, %s\n",
              traces->blocks.size(), header.repetitions, header.min_time_s, traces->reports.size(),
              header.report_min_time_s, header.cpu ? "pinned to one CPU" : "not pinned",
              header.load ? "last CPU loaded half of the time" : "no load of our own");
  const bool met = PrintFigures(*traces);
  PrintAnchorRules(*traces);
  PrintRows(*traces);
  return met ? 0 : 1;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** values) { return assay::regression::Main(count, values); }
