// The options of bench/versus_wrk.
#ifndef ASSAY_BENCH_VERSUS_OPTIONS_H_
#define ASSAY_BENCH_VERSUS_OPTIONS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "assay/engines/engines.h"

namespace assay::bench {

inline constexpr std::string_view kHey = "hey";  // a client that is no engine

enum class Wire { kPlain, kTls };

struct VersusOptions {
  int rounds = 10;                     // 1 to 999
  std::vector<std::string> engines{};  // and peers, and "hey"; empty: DefaultContestants()
  std::vector<std::string> servers = {"fixture", "nginx"};
  std::vector<int> concurrency = {32, 100};  // each 1 to 1000
  std::vector<Wire> wires = {Wire::kPlain, Wire::kTls};
  std::string json_file{};  // empty: none
};

// What is run when --engines does not say: what can hold many connections, of ours
// and of others. Without `sync` and `threaded`, and what this machine cannot run.
std::vector<std::string> DefaultContestants();

// The engine or peer of that name, by which versus_client knows it; null for one that is unknown or
// cannot run here.
const EngineKind* FindContestant(std::string_view name);

// Every engine and peer that cannot run here, and hey where it is not installed.
std::vector<UnavailableEngine> UnavailableContestants();

// One line that names the option, its value and what is accepted.
Result<VersusOptions> ParseVersusOptions(std::span<const std::string_view> arguments);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_OPTIONS_H_
