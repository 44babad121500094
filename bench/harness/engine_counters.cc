#include "bench/harness/engine_counters.h"

namespace assay::bench {
namespace {

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

std::string Differs(const char* what, std::uint64_t is, std::uint64_t should_be) {
  return std::to_string(is) + " " + what + " where there should be " + std::to_string(should_be);
}

}  // namespace

std::string WhatIsWrongWithSessions(const RunSummary& run, bool resumes) {
  const std::uint64_t wanted = resumes ? run.connections_opened : 0;
  return run.tls_resumed == wanted ? "" : Differs("TLS sessions resumed", run.tls_resumed, wanted);
}

std::string WhatIsWrong(const EngineMeasurement& measured, const CheckingSink& sink,
                        std::uint64_t requests_wanted) {
  const RunSummary& total = measured.total;
  if (sink.wrong() > 0) {
    return std::to_string(sink.wrong()) + " wrong answers, the first: " + sink.first_wrong();
  }
  if (sink.seen() != requests_wanted) return Differs("results", sink.seen(), requests_wanted);
  if (total.requests != requests_wanted) {
    return Differs("requests counted", total.requests, requests_wanted);
  }
  if (measured.server.requests != requests_wanted) {
    return Differs("requests at the server", measured.server.requests, requests_wanted);
  }
  const std::uint64_t connections = measured.pooling == Pooling::kNaive ? requests_wanted : 0;
  if (total.connections_opened != connections) {
    return Differs("connections opened", total.connections_opened, connections);
  }
  return WhatIsWrongWithSessions(total, measured.resumes);
}

std::map<std::string, double> EngineCounters(const EngineMeasurement& measured,
                                             const CheckingSink& sink) {
  const auto requests = static_cast<double>(measured.total.requests);
  const double rps = measured.total.requests_per_second();
  std::map<std::string, double> counters = {
      {"rps", rps},
      {"p50_us", Microseconds(sink.latency().Quantile(0.50))},
      {"p99_us", Microseconds(sink.latency().Quantile(0.99))},
      {"errors", static_cast<double>(sink.wrong())},
      {"cpu_us_per_req", Microseconds(measured.total.cpu) / requests},
      {"fixture_cpu_us_per_req", Microseconds(measured.server_cpu) / requests},
      {"allocs_per_op", static_cast<double>(sink.allocations()) / requests},
  };
  if (measured.resumes) {
    counters["resumed_ratio"] = static_cast<double>(measured.total.tls_resumed) /
                                static_cast<double>(measured.total.connections_opened);
  }
  if (measured.server.delayed == 0) return counters;
  const double planned_us = Microseconds(measured.server.planned_mean());
  const double injected_us = Microseconds(measured.server.injected_mean());
  const double rps_of_a_slot_per_us = rps / measured.concurrency / 1e6;
  counters["planned_us"] = planned_us;
  counters["injected_us"] = injected_us;
  counters["ideal_ratio"] = rps_of_a_slot_per_us * injected_us;
  counters["ideal_ratio_planned"] = rps_of_a_slot_per_us * planned_us;
  return counters;
}

}  // namespace assay::bench
