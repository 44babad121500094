// The list of engines. To add one, write its file and add a line here and in
// engines.cc; tests and benchmarks walk the list.
#ifndef ASSAY_ENGINES_ENGINES_H_
#define ASSAY_ENGINES_ENGINES_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "assay/engines/engine.h"

namespace assay {

// Each throws std::invalid_argument that names an impossible option.

// One request at a time on the calling thread.
std::unique_ptr<Engine> MakeSyncEngine(const EngineOptions& options);
// `concurrency` threads, each with a blocking connection of its own.
std::unique_ptr<Engine> MakeThreadedEngine(const EngineOptions& options);
// `concurrency` connections on one event loop on the calling thread, or on `threads`.
std::unique_ptr<Engine> MakeAsyncEngine(const EngineOptions& options);
// `concurrency` connections on one io_uring on the calling thread: fewer system calls. What
// sending a small request without TLS costs is part of Phases::first_byte. It
// throws std::runtime_error with the reason where UnavailableEngines() names it.
std::unique_ptr<Engine> MakeUringEngine(const EngineOptions& options);

struct EngineKind {
  std::string_view name;
  int default_concurrency;
  int max_concurrency;
  std::unique_ptr<Engine> (*make)(const EngineOptions&);
  bool tls = false;  // https URLs too; else each such request is kInvalidRequest
};

// Those that can run here, in the order in which reports show them.
std::span<const EngineKind> EngineKinds();

struct UnavailableEngine {
  std::string_view name;
  std::string reason;  // what the build or the kernel lacks
};

// Those that cannot, for programs that say what they leave out.
std::span<const UnavailableEngine> UnavailableEngines();

// Nothing for a name that is not in EngineKinds().
const EngineKind* FindEngine(std::string_view name);

// `options` with the engine's default where no concurrency is set. Throws
// std::invalid_argument that names the engine, the option, its value and what is
// accepted. Every Make…Engine() calls it first.
EngineOptions ResolveFor(std::string_view engine, const EngineOptions& options);
EngineOptions ResolveFor(const EngineKind& kind, const EngineOptions& options);

// How many connections a run with these resolved options opens before it begins.
int WarmUpConnections(const EngineOptions& options) noexcept;

}  // namespace assay

#endif  // ASSAY_ENGINES_ENGINES_H_
