#include "tools/selftest/workload.h"

#include <benchmark/benchmark.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mutex>

#include "assay/core/hash.h"

namespace assay::selftest {
namespace {

// Each value needs the one before.
void Arithmetic(benchmark::State& state) {
  std::uint64_t value = 1;
  for (auto _ : state) {
    for (int i = 0; i < 100; ++i) value = Mix(value);
    benchmark::DoNotOptimize(value);
  }
}

void FloatingPoint(benchmark::State& state) {
  double value = 1;
  for (auto _ : state) {
    for (int i = 0; i < 100; ++i) value = (value + 2 / value) / 2;  // stays near the root of 2
    benchmark::DoNotOptimize(value);
  }
}

void SystemCall(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(::syscall(SYS_getppid));
}

void Mutex(benchmark::State& state) {
  std::mutex mutex;
  for (auto _ : state) {
    const std::scoped_lock lock(mutex);
    benchmark::ClobberMemory();
  }
}

}  // namespace

int RunWorkload(int argc, char** argv) {
  benchmark::RegisterBenchmark("arithmetic", Arithmetic);
  benchmark::RegisterBenchmark("floating_point", FloatingPoint);
  RegisterMemoryRows();
  benchmark::RegisterBenchmark("system_call", SystemCall);
  benchmark::RegisterBenchmark("mutex", Mutex);
  RegisterThreadRows();

  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return matched == 0 ? 2 : 0;
}

}  // namespace assay::selftest
