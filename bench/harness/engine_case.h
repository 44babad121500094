// One engine against the fixture: verified, then timed, then counted.
#ifndef ASSAY_BENCH_HARNESS_ENGINE_CASE_H_
#define ASSAY_BENCH_HARNESS_ENGINE_CASE_H_

#include <benchmark/benchmark.h>

#include <string>

#include "assay/engines/engines.h"
#include "bench/harness/exchange.h"

namespace assay::bench {

struct EngineCase {
  EngineKind engine{};  // of EngineKinds(), or one of the peers
  Pooling pooling = Pooling::kPooled;
  Duration latency{};  // of the fixture, before jitter
  int concurrency = 1;
  Exchange exchange{};
  Way way = Way::kDirect;
  bool resumes = false;  // over TLS: new connections take up sessions; for kNaive
};

// Starts a fixture, checks status, body and count until every slot has served
// (which opens the connections of a pooled engine), and times batches of requests;
// an iteration is one request. The counters are those of EngineCounters(). Skips
// with an error when an answer or a count is wrong, before or while it is timed,
// when the fixture cannot be started, or when it needs more file descriptors than
// there are.
//
// Without a delay and with one request in flight, client and server take turns,
// and the time is mostly what the machine needs to wake a sleeping CPU (from 8 to
// 95 µs on one virtual machine). Such a row runs on one CPU, and its label says so.
void RunEngineCase(benchmark::State& state, const EngineCase& engine_case);

// Registers it as <family>/latency_us:<L>/concurrency:<C>, unless the engine cannot do it: it
// holds fewer connections or speaks no TLS.
void RegisterEngineCase(const std::string& family, const EngineCase& engine_case);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ENGINE_CASE_H_
