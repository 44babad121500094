#include "assay/engines/engines.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace assay {
namespace {

constexpr int kMaxConcurrency = 10'000;

// The defaults are the first seed's: one, ten workers, a hundred in flight.
constexpr std::array<EngineKind, 3> kKinds = {{
    {"sync", 1, 1, MakeSyncEngine, true},
    {"threaded", 10, kMaxConcurrency, MakeThreadedEngine, true},
    {"async", 100, kMaxConcurrency, MakeAsyncEngine, true},
}};

struct DiscardingSink : ResultSink {
  void Accept(const RequestResult&, const Response&) noexcept override {}
};

}  // namespace

RunSummary Engine::Run(const Workload& workload) {
  DiscardingSink sink;
  return Run(workload, sink);
}

std::span<const EngineKind> EngineKinds() noexcept { return kKinds; }

const EngineKind* FindEngine(std::string_view name) noexcept {
  const auto found = std::ranges::find(kKinds, name, &EngineKind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

EngineOptions ResolveFor(std::string_view engine, const EngineOptions& options) {
  const EngineKind& kind = *FindEngine(engine);
  EngineOptions resolved = options;
  resolved.concurrency = options.concurrency.value_or(kind.default_concurrency);
  if (*resolved.concurrency < 1 || *resolved.concurrency > kind.max_concurrency) {
    throw std::invalid_argument(std::string(engine) + " engine: concurrency " +
                                std::to_string(*resolved.concurrency) + " is not 1 to " +
                                std::to_string(kind.max_concurrency));
  }
  Validate(options.connection);
  return resolved;
}

}  // namespace assay
