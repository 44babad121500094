#include "bench/harness/warm_up.h"

#include "bench/harness/checking_sink.h"
#include "bench/harness/engine_counters.h"

namespace assay::bench {
namespace {

std::string Round(Engine& engine, const WarmUp& warm_up, RunSummary& run) {
  CheckingSink sink(CheckingSink::Depth::kBody, warm_up.body);
  run = engine.Run({{warm_up.request}, warm_up.requests, {}}, sink);
  if (sink.wrong() > 0) return "verification: " + sink.first_wrong();
  if (sink.seen() == warm_up.requests) return {};
  return "verification: " + std::to_string(sink.seen()) + " results for " +
         std::to_string(warm_up.requests) + " requests";
}

}  // namespace

std::string VerifyAndWarmUp(Engine& engine, const WarmUp& warm_up) {
  const auto slots = static_cast<std::uint64_t>(warm_up.slots);
  RunSummary run;
  std::uint64_t opened = 0;
  for (int round = 0; opened < slots; ++round) {
    if (round == 100) {
      return "warm-up: only " + std::to_string(opened) + " connections of " + std::to_string(slots);
    }
    if (std::string wrong = Round(engine, warm_up, run); !wrong.empty()) return wrong;
    opened += run.connections_opened;
  }
  if (warm_up.pooling == Pooling::kPooled) return {};
  // The first round has brought the session that a second one takes up.
  if (std::string wrong = Round(engine, warm_up, run); !wrong.empty()) return wrong;
  const std::string wrong = WhatIsWrongWithSessions(run, warm_up.resumes);
  return wrong.empty() ? "" : "verification: " + wrong;
}

}  // namespace assay::bench
