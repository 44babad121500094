#include "bench/regression/record.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "assay/core/hash.h"
#include "tools/regression/run/benchmark_program.h"

namespace assay::regression {
namespace {

constexpr int kReportRepetitions = 10;

std::string ExtraFlag(double extra) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "--extra=%.2f", extra);
  return text.data();
}

class Recorder {
 public:
  Recorder(const RecordPlan& plan, const std::function<Result<Done>(const std::string&)>& write,
           const std::function<void(const std::string&)>& progress)
      : plan_(plan), base_(plan.workload), write_(write), progress_(progress) {}

  Result<Traces> Record() {
    auto names = base_.List(".", {});
    if (!names) return names.error();
    names_ = std::move(names).value();
    traces_.header = plan_.header;
    if (auto written = write_(LineOf(plan_.header)); !written) return written.error();
    if (auto done = RecordRounds(); !done) return done.error();
    if (auto done = RecordReports(0, plan_.reports); !done) return done.error();
    if (auto done = RecordReports(1, plan_.reports_twice_as_slow); !done) return done.error();
    return std::move(traces_);
  }

 private:
  Result<Done> RecordRounds() {
    int most = 0;
    for (const auto& kind : plan_.rounds) most = std::max(most, kind.rounds);
    for (int round = 0; round < most; ++round) {
      for (const auto& kind : plan_.rounds) {
        // Spread evenly over the length of the longest kind.
        if ((round + 1) * kind.rounds / most == round * kind.rounds / most) continue;
        progress_("round " + std::to_string(round + 1) + " of " + std::to_string(most) + ", " +
                  ExtraFlag(kind.extra));
        if (auto done = RecordRound(kind.extra, round); !done) return done;
      }
    }
    return Done{};
  }

  Result<Done> RecordRound(double extra, int round) {
    const BenchmarkProgram head(plan_.workload, {ExtraFlag(extra)});
    // Orders of its own for every round, as for every comparison that somebody starts.
    const std::uint64_t seed =
        Draw(plan_.header.seed, ExtraFlag(extra), static_cast<std::uint64_t>(round), 0);
    for (int number = 0; number < plan_.blocks; ++number) {
      TraceBlock block{.extra = extra, .round = round, .order = OrderOfBlock(seed, number)};
      for (std::size_t launch = 0; launch < std::tuple_size_v<LaunchValues>; ++launch) {
        const bool base = SideOfLaunch(block.order, launch) == Side::kBase;
        auto times = Launch(base ? base_ : head, {.min_time_s = plan_.header.min_time_s,
                                                  .repetitions = plan_.header.repetitions});
        if (!times) return times.error();
        for (auto& [name, values] : *times) block.ns[name][launch] = std::move(values);
      }
      if (auto written = write_(LineOf(block)); !written) return written;
      traces_.blocks.push_back(std::move(block));
    }
    return Done{};
  }

  Result<Done> RecordReports(double extra, int count) {
    const BenchmarkProgram program(plan_.workload, {ExtraFlag(extra)});
    for (int number = 0; number < count; ++number) {
      if (number % 10 == 0) {
        progress_("report " + std::to_string(number + 1) + " of " + std::to_string(count) + ", " +
                  ExtraFlag(extra));
      }
      auto times = Launch(program, {.min_time_s = plan_.header.report_min_time_s,
                                    .repetitions = kReportRepetitions});
      if (!times) return times.error();
      TraceReport report{.extra = extra, .report = number, .ns = std::move(*times)};
      if (auto written = write_(LineOf(report)); !written) return written;
      traces_.reports.push_back(std::move(report));
    }
    return Done{};
  }

  // The clock that Google Benchmark goes by: CPU time, as no row's name asks for another.
  Result<std::map<std::string, Repetitions>> Launch(const BenchmarkProgram& program,
                                                    LaunchOptions options) {
    options.process.cpu = plan_.header.cpu;
    const auto report = program.Run(names_, options);
    if (!report) return report.error();
    std::map<std::string, Repetitions> times;
    for (const Entry& entry : report->entries) {
      if (entry.kind == Entry::Kind::kIteration) times[entry.run_name].push_back(entry.cpu_time_ns);
    }
    return times;
  }

  const RecordPlan& plan_;
  BenchmarkProgram base_;
  const std::function<Result<Done>(const std::string&)>& write_;
  const std::function<void(const std::string&)>& progress_;
  std::vector<std::string> names_;
  Traces traces_;
};

}  // namespace

Result<Traces> Record(const RecordPlan& plan,
                      const std::function<Result<Done>(const std::string& line)>& write,
                      const std::function<void(const std::string& text)>& progress) {
  return Recorder(plan, write, progress).Record();
}

}  // namespace assay::regression
