// The one interface behind which every way of sending requests stands.
//
// An engine has a fixed concurrency and pooling strategy. It keeps its
// connections from run to run (kPooled), so that a first run warms what a second
// one measures. Not thread-safe: one run at a time. No run throws for what a
// server, a network or a URL does; each request ends in one RequestResult.
// Host names are looked up before the first request, once for each host and run.
#ifndef ASSAY_ENGINES_ENGINE_H_
#define ASSAY_ENGINES_ENGINE_H_

#include <cstdint>
#include <optional>

#include "assay/core/clock.h"
#include "assay/engines/workload.h"
#include "assay/http/result_sink.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/pool/pool_options.h"
#include "assay/transport/pooling.h"

namespace assay {

struct EngineOptions {
  // Requests in flight at once, 1 to 10,000; `sync` accepts only 1. Without a value
  // the engine's default: sync 1, threaded 10, async 100 (the first seed's).
  std::optional<int> concurrency{};
  // Event loops of `async`, each on a thread of its own, the first on the calling one:
  // 1 to 64, at most `concurrency`. They share out concurrency and pool between them. The
  // other engines take 1 only.
  int threads = 1;
  Pooling pooling = Pooling::kPooled;
  ConnectionOptions connection{};
  // For kPooled: how many connections are open and how many are kept. None: 100, of which
  // 20 are kept (the seed's), or as many as `concurrency` if that is more.
  std::optional<PoolOptions> pool{};
  // Opens, before a run's clock starts, as many connections as requests will be in flight
  // and the pool allows, to the first request's host and port, TLS included. Whatever
  // fails is left to the requests. Without effect for kNaive.
  bool warm_up = false;
};

struct RunSummary {
  std::uint64_t requests = 0;             // results delivered to the sink
  std::uint64_t failed = 0;               // of these, with an error
  std::uint64_t repeated = 0;             // on a new connection, because the kept one was dead
  std::uint64_t connections_opened = 0;   // attempts included that failed
  std::uint64_t connections_reused = 0;   // requests that found one open
  std::uint64_t connections_evicted = 0;  // closed although they could have been used again
  std::uint64_t waited = 0;               // requests for which there was no connection at once
  Duration elapsed{};                     // first request started to last result delivered
  Duration cpu{};                         // CPU time of the engine's own threads
  std::uint64_t tls_resumed = 0;          // connections that took up an earlier TLS session

  // What another thread has done: all but `elapsed`.
  void Add(const RunSummary& other) noexcept;

  double requests_per_second() const noexcept {
    return elapsed > Duration::zero()
               ? static_cast<double>(requests) / std::chrono::duration<double>(elapsed).count()
               : 0.0;
  }
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Runs the workload to its end and streams one result for each request into
  // `sink`, in the order of completion. std::invalid_argument for a workload
  // without requests or without a bound; std::system_error, before anything is
  // sent, when this machine has no thread left for an engine that needs some.
  virtual RunSummary Run(const Workload& workload, ResultSink& sink) = 0;

  // The same for callers who only want the totals.
  RunSummary Run(const Workload& workload);
};

}  // namespace assay

#endif  // ASSAY_ENGINES_ENGINE_H_
