// What bench/versus_wrk prints and writes.
#ifndef ASSAY_BENCH_VERSUS_REPORT_H_
#define ASSAY_BENCH_VERSUS_REPORT_H_

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/versus/contest.h"

namespace assay::bench {

struct Quartiles {
  double q1 = 0;
  double median = 0;
  double q3 = 0;
};

// Between two values that are there, linearly (type 7 of R). `values` is not empty.
Quartiles QuartilesOf(std::vector<double> values);

struct VersusRow {
  std::string engine;
  std::string server;
  bool tls = false;
  int concurrency = 0;
  std::size_t rounds = 0;
  Quartiles rps_ratio{};  // above 1: more requests per second than wrk in the same round
  Quartiles cpu_ratio{};  // below 1: less CPU per request
  ClientRun ours{};       // medians
  ClientRun wrk{};
};

// `pairs` is not empty.
VersusRow RowOf(const Match& match, std::span<const Pair> pairs);

struct VersusReport {
  std::vector<std::pair<std::string, std::string>> context;  // machine, commit, command
  std::vector<VersusRow> rows;
  std::vector<std::pair<std::string, std::string>> skipped;  // what, and why
};

// A row each, and a line for each thing that was skipped.
std::string ToText(const VersusReport& report);

// {"version": 1, "context": {...}, "rows": [{engine, server, tls, concurrency, rounds,
// rps_ratio: {q1, median, q3}, cpu_ratio: {...}, rps, cpu_us_per_req, wrk_rps,
// wrk_cpu_us_per_req}], "skipped": [{what, reason}]}
std::string ToJson(const VersusReport& report);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_REPORT_H_
