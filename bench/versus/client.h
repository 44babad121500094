// An engine or a peer as a program of its own: the one behind versus_client.
//
// It is to engines what the program `wrk` is to wrk: a process that does nothing but send
// requests, so that both can be billed by the same account of the operating system.
#ifndef ASSAY_BENCH_VERSUS_CLIENT_H_
#define ASSAY_BENCH_VERSUS_CLIENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/engines/engines.h"

namespace assay::bench {

struct ClientOptions {
  std::string engine{};  // or a peer
  std::string url{};     // of what answers FixtureBody()
  int connections = 1;
  std::optional<int> seconds{};             // 1 to 60; one of the two is given
  std::optional<std::uint64_t> requests{};  // 1 to 1000000000
  std::string authority{};                  // PEM, to be trusted; empty: the system's
};

// One line that names the option, its value and what is accepted.
Result<ClientOptions> ParseClientOptions(std::span<const std::string_view> arguments);

struct ClientReport {
  std::uint64_t requests = 0;          // answered rightly in the time that counts
  std::uint64_t warm_up_requests = 0;  // before it
  double seconds = 0;
};

// Opens the connections with requests whose answers are checked byte for byte; then sends what
// is asked for, with status and length of each answer checked. kIo for a wrong answer.
Result<ClientReport> RunClient(const ClientOptions& options);

// A line, and back.
std::string ToLine(const ClientReport& report);
Result<ClientReport> ParseClientReport(std::string_view line);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_CLIENT_H_
