#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <vector>

#include "assay/core/hash.h"
#include "tools/selftest/workload.h"

namespace assay::selftest {
namespace {

struct alignas(64) Line {  // one cache line
  std::uint32_t next = 0;
};

// One cycle through all lines in random order (Sattolo's shuffle), so that no
// prefetcher knows the next one. The same in every launch.
std::vector<Line> Cycle(std::size_t bytes) {
  std::vector<Line> lines(bytes / sizeof(Line));
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].next = static_cast<std::uint32_t>(i);
  for (std::size_t i = lines.size() - 1; i > 0; --i) {
    std::swap(lines[i].next, lines[Draw(1, "walk", i, 0) % i].next);
  }
  return lines;
}

void Walk(benchmark::State& state, const std::vector<Line>& lines) {
  std::uint32_t at = 0;
  for (auto _ : state) {
    for (int step = 0; step < 64; ++step) at = lines[at].next;
    benchmark::DoNotOptimize(at);
  }
}

// Google Benchmark calls a row several times until it knows how many iterations it
// needs; what it walks over is made once.
void WalkInCache(benchmark::State& state) {
  static const std::vector<Line> kLines = Cycle(std::size_t{16} << 10);
  Walk(state, kLines);
}

void WalkInMemory(benchmark::State& state) {
  static const std::vector<Line> kLines = Cycle(std::size_t{8} << 20);
  Walk(state, kLines);
}

void Copy(benchmark::State& state) {
  const std::vector<char> from(std::size_t{64} << 10, 'a');
  std::vector<char> to(from.size());
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::ClobberMemory();
  }
}

void Allocate(benchmark::State& state) {
  for (auto _ : state) {
    const auto bytes = std::make_unique_for_overwrite<char[]>(256);
    benchmark::DoNotOptimize(bytes.get());
  }
}

}  // namespace

void RegisterMemoryRows() {
  benchmark::RegisterBenchmark("walk_16_kib", WalkInCache);
  benchmark::RegisterBenchmark("walk_8_mib", WalkInMemory);
  benchmark::RegisterBenchmark("copy_64_kib", Copy);
  benchmark::RegisterBenchmark("allocation", Allocate);
}

}  // namespace assay::selftest
