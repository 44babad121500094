#include "bench/harness/floor_case.h"

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "assay/transport/wire_request.h"
#include "bench/harness/fixture.h"
#include "bench/harness/one_cpu.h"
#include "bench/harness/raw_socket.h"

namespace assay::bench {

void RunFloorCase(benchmark::State& state, Pooling pooling) try {
  const OneCpu one_cpu;
  state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
  const fixture::MockServer server(FixtureOptions(Duration::zero(), 1));
  const std::string request = ToWire(FixtureRequest(server), pooling)->head;
  std::optional<RawSocket> socket(std::in_place, server.port());
  const std::string_view first = socket->RoundTrip(request);
  if (!first.starts_with("HTTP/1.1 200 ") || !first.ends_with(FixtureBody())) {
    state.SkipWithError("verification: not the fixture's answer");
    return;
  }

  const std::size_t length = first.size();
  const SteadyClock clock;
  const Duration cpu_before = CpuTime();
  const TimePoint started = clock.Now();
  for (auto _ : state) {
    if (pooling == Pooling::kNaive) socket.emplace(server.port());
    if (socket->RoundTrip(request).size() == length) continue;
    state.SkipWithError("while timed: an answer of another length");
    return;
  }
  const auto requests = static_cast<double>(state.iterations());
  const std::chrono::duration<double> elapsed = clock.Now() - started;
  const std::chrono::duration<double, std::micro> cpu = CpuTime() - cpu_before;
  state.counters["rps"] = requests / elapsed.count();
  state.counters["cpu_us_per_req"] = cpu.count() / requests;
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace assay::bench
