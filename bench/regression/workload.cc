// A Google Benchmark program whose rows do exactly as much more work as is asked for.
//
// An iteration of a row does 1000 units of its kind, 100 where a unit is dear; with --extra that
// many more. --iterations fixes how often a row runs, for tools that count instructions.
#include <benchmark/benchmark.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/regression/workload_units.h"

namespace assay::regression {
namespace {

struct WorkloadOptions {
  double extra = 0;
  std::int64_t iterations = 0;  // 0: as Google Benchmark likes
};

// A function of its own in every row: callgrind counts what happens inside.
template <class Unit>
[[gnu::noinline]] void RunRow(benchmark::State& state, int units, const Unit& unit) {
  State value = 1;
  for (auto _ : state) {
    for (int i = 0; i < units; ++i) value = unit(value, static_cast<State>(i));
    benchmark::DoNotOptimize(value);
  }
}

class Rows {
 public:
  explicit Rows(const WorkloadOptions& options) : options_(options) {}

  template <class Unit>
  void Add(const char* name, int units, Unit unit) {
    units = static_cast<int>(std::lround(units * (1 + options_.extra)));
    auto* row = benchmark::RegisterBenchmark(
        name,
        [units, unit = std::move(unit)](benchmark::State& state) { RunRow(state, units, unit); });
    if (options_.iterations > 0) row->Iterations(options_.iterations);
  }

  // As a type, not a pointer: the compiler can inline the unit.
  template <auto unit>
  void Add(const char* name, int units) {
    Add(name, units, [](State state, State i) { return unit(state, i); });
  }

 private:
  WorkloadOptions options_;
};

void AddRows(const WorkloadOptions& options) {
  Rows rows(options);
  rows.Add<Integer>("integer", 1000);
  rows.Add<Division>("division", 1000);
  rows.Add<FloatingPoint>("floating_point", 100);
  rows.Add<SquareRoot>("square_root", 100);
  rows.Add<Sine>("sine", 100);
  rows.Add<HashOfBuffer>("hash_of_buffer", 100);
  rows.Add<Branches>("branches", 100);
  rows.Add<SortEight>("sort_eight", 100);
  rows.Add<Allocation>("allocation", 100);
  rows.Add<StringAppend>("string_append", 100);
  rows.Add<NumberToText>("number_to_text", 100);
  rows.Add<MapLookUp>("map_look_up", 100);
  rows.Add<HashLookUp>("hash_look_up", 100);
  rows.Add<VirtualCall>("virtual_call", 1000);
  rows.Add<AtomicAdd>("atomic_add", 1000);
  rows.Add<LockMutex>("mutex", 100);
  rows.Add<CopyOfMemory>("copy_of_memory", 100);
  rows.Add<SystemCall>("system_call", 100);
  rows.Add("walk_16_KiB", 1000, Walk(std::size_t{16} << 10));
  rows.Add("walk_256_KiB", 1000, Walk(std::size_t{256} << 10));
  rows.Add("walk_2_MiB", 1000, Walk(std::size_t{2} << 20));
  rows.Add("stream_64_KiB", 1000, Stream(std::size_t{64} << 10));
}

// The number after `flag`, if the argument begins with it; true when it is one.
template <class Number>
bool Read(std::string_view argument, std::string_view flag, Number& number) {
  if (!argument.starts_with(flag)) return false;
  argument.remove_prefix(flag.size());
  const char* const end = argument.data() + argument.size();
  const auto result = std::from_chars(argument.data(), end, number);
  return result.ec == std::errc() && result.ptr == end;
}

bool IsWhole(double number) { return std::abs(number - std::round(number)) < 1e-6; }

// Takes its own arguments out of those for Google Benchmark; nothing and one line for a bad one.
std::optional<WorkloadOptions> TakeOptions(int& count, char** arguments) {
  WorkloadOptions options;
  int kept = 1;
  for (int i = 1; i < count; ++i) {
    if (Read(arguments[i], "--extra=", options.extra) ||
        Read(arguments[i], "--iterations=", options.iterations)) {
      continue;
    }
    arguments[kept++] = arguments[i];
  }
  count = kept;
  arguments[count] = nullptr;
  if (!(options.extra >= 0) || options.extra > 10 || !IsWhole(100 * options.extra)) {
    std::fprintf(stderr, "workload: --extra: 0 to 10, whole percent\n");
    return std::nullopt;
  }
  if (options.iterations < 0) {
    std::fprintf(stderr, "workload: --iterations: at least 1\n");
    return std::nullopt;
  }
  return options;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** arguments) {
  const auto options = assay::regression::TakeOptions(count, arguments);
  if (!options) return 2;
  assay::regression::AddRows(*options);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
