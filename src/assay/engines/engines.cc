#include "assay/engines/engines.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/engines/uring_support.h"

namespace assay {
namespace {

constexpr int kMaxConcurrency = 10'000;
constexpr int kMaxThreads = 64;

// The defaults are the first seed's: one, ten workers, a hundred in flight.
constexpr std::array<EngineKind, 4> kKinds = {{
    {"sync", 1, 1, MakeSyncEngine, true},
    {"threaded", 10, kMaxConcurrency, MakeThreadedEngine, true},
    {"async", 100, kMaxConcurrency, MakeAsyncEngine, true},
    {"uring", 100, kMaxConcurrency, MakeUringEngine, true},
}};

}  // namespace

RunSummary Engine::Run(const Workload& workload) {
  DiscardingSink sink;
  return Run(workload, sink);
}

void RunSummary::Add(const RunSummary& other) noexcept {
  requests += other.requests;
  failed += other.failed;
  repeated += other.repeated;
  connections_opened += other.connections_opened;
  connections_reused += other.connections_reused;
  connections_evicted += other.connections_evicted;
  waited += other.waited;
  cpu += other.cpu;
  tls_resumed += other.tls_resumed;
}

// The list's last entry is the only one that can be missing.
std::span<const EngineKind> EngineKinds() {
  return std::span(kKinds).first(kKinds.size() - UnavailableEngines().size());
}

std::span<const UnavailableEngine> UnavailableEngines() {
  static const std::vector<UnavailableEngine> unavailable = [] {
    std::vector<UnavailableEngine> found;
    if (std::string reason = WhyNoUring(); !reason.empty()) {
      found.push_back({kKinds.back().name, std::move(reason)});
    }
    return found;
  }();
  return unavailable;
}

const EngineKind* FindEngine(std::string_view name) {
  const auto kinds = EngineKinds();
  const auto found = std::ranges::find(kinds, name, &EngineKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

EngineOptions ResolveFor(std::string_view engine, const EngineOptions& options) {
  return ResolveFor(*std::ranges::find(kKinds, engine, &EngineKind::name), options);
}

EngineOptions ResolveFor(const EngineKind& kind, const EngineOptions& options) {
  EngineOptions resolved = options;
  resolved.concurrency = options.concurrency.value_or(kind.default_concurrency);
  if (*resolved.concurrency < 1 || *resolved.concurrency > kind.max_concurrency) {
    throw std::invalid_argument(std::string(kind.name) + " engine: concurrency " +
                                std::to_string(*resolved.concurrency) + " is not 1 to " +
                                std::to_string(kind.max_concurrency));
  }
  const int most = kind.name == "async" ? std::min(kMaxThreads, *resolved.concurrency) : 1;
  if (options.threads < 1 || options.threads > most) {
    throw std::invalid_argument(std::string(kind.name) + " engine: threads " +
                                std::to_string(options.threads) + " is not 1 to " +
                                std::to_string(most));
  }
  Validate(options.connection);
  if (!resolved.pool) {
    PoolOptions pool;
    pool.max_connections = std::max(pool.max_connections, *resolved.concurrency);
    pool.max_idle = std::max(pool.max_idle, *resolved.concurrency);
    resolved.pool = pool;
  }
  Validate(*resolved.pool);
  return resolved;
}

int WarmUpConnections(const EngineOptions& options) noexcept {
  if (!options.warm_up || options.pooling == Pooling::kNaive) return 0;
  const PoolOptions& pool = *options.pool;
  return std::min(
      {*options.concurrency, pool.max_idle, pool.max_per_origin.value_or(pool.max_connections)});
}

}  // namespace assay
