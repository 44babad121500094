#include "tools/report/headline.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace assay::report {
namespace {

struct Spread {
  double low, median, high;
};

// `values` is not empty.
Spread SpreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

// Three significant digits, and no exponent for what a report contains.
std::string Number(double value) {
  char text[32];
  const int digits = value <= 0 ? 0 : static_cast<int>(std::floor(std::log10(value)));
  std::snprintf(text, sizeof(text), "%.*f", std::clamp(2 - digits, 0, 3), value);
  return text;
}

std::string WithSpread(const Spread& spread, const std::string& unit) {
  return Number(spread.median) + unit + " (" + Number(spread.low) + "–" + Number(spread.high) + ")";
}

std::string MedianOf(const Report& report, const std::string& name, const std::string& counter) {
  const auto values = report.Values(name, counter);
  return values.empty() ? "?" : Number(SpreadOf(values).median);
}

HeadlineRow Missing(HeadlineRow row) {
  row.result = "not in this report";
  return row;
}

// Repetition by repetition, so that both sides of a ratio saw the same minute.
std::vector<double> Ratios(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) ratios.push_back(a[i] / b[i]);
  return ratios;
}

HeadlineRow EngineRow(const Report& report, const std::string& question, const std::string& name,
                      const std::string& before) {
  HeadlineRow row{question, {}, {}, {}, {}, before};
  const auto rps = report.Values(name, "rps");
  if (rps.empty()) return Missing(row);
  row.result = WithSpread(SpreadOf(rps), "/s");
  if (const auto ideal = report.Values(name, "ideal_ratio"); !ideal.empty()) {
    const Spread ratio = SpreadOf(ideal);
    row.against = Number(ratio.median) + " of ideal (≥ " + Number(ratio.low) + ")";
  }
  row.cpu = MedianOf(report, name, "cpu_us_per_req") + " µs";
  row.latency = MedianOf(report, name, "p50_us") + " / " + MedianOf(report, name, "p99_us");
  return row;
}

HeadlineRow PoolingRow(const Report& report) {
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  HeadlineRow row{"pooled ÷ naive, 32 connections, no delay", {}, {}, {}, {}, "1.8 / 1.8"};
  const auto pooled = report.Values("pooling/pooled" + tail, "rps");
  const auto naive = report.Values("pooling/naive" + tail, "rps");
  const auto ratios = Ratios(pooled, naive);
  if (ratios.empty()) return Missing(row);
  row.result = "× " + WithSpread(SpreadOf(ratios), "");
  row.against = "naive " + Number(SpreadOf(naive).median) + "/s";
  row.cpu = MedianOf(report, "pooling/pooled" + tail, "cpu_us_per_req") + " : " +
            MedianOf(report, "pooling/naive" + tail, "cpu_us_per_req") + " µs";
  return row;
}

HeadlineRow WrkRow(const Report& report) {
  const std::string name = "versus_wrk/async/pooled/latency_us:0/concurrency:32/real_time";
  HeadlineRow row{"async ÷ wrk -t1 -c32, no delay", {}, {}, {}, {}, "–"};
  const auto ratios = report.Values(name, "rps_ratio");
  if (ratios.empty()) return Missing(row);
  row.result = "× " + WithSpread(SpreadOf(ratios), "");
  row.against = "wrk " + MedianOf(report, name, "wrk_rps") + "/s";
  row.cpu = MedianOf(report, name, "cpu_us_per_req") + " : " +
            MedianOf(report, name, "wrk_cpu_us_per_req") + " µs";
  return row;
}

HeadlineRow PatternRow(const Report& report) {
  const std::string prefix = "pattern/semaphore_and_circuit_breaker/";
  HeadlineRow row{"semaphore + breaker, per request", {}, {}, {}, {}, "2 ms / 19 µs"};
  const auto calm = report.Values(prefix + "calm", "real_time_ns");
  const auto off = report.Values(prefix + "off", "real_time_ns");
  const auto floor = report.Values(prefix + "floor", "real_time_ns");
  if (calm.empty() || off.empty() || floor.empty()) return Missing(row);
  row.result = WithSpread(SpreadOf(calm), " ns");
  row.against =
      "floor " + Number(SpreadOf(floor).median) + ", off " + Number(SpreadOf(off).median) + " ns";
  return row;
}

}  // namespace

std::vector<HeadlineRow> Headline(const Report& report) {
  const std::string seed = "/real_time";
  return {
      EngineRow(report, "sync, 1 connection, 5 ms + 0–20 %",
                "engine/sync/pooled/latency_us:5000/concurrency:1" + seed, "130 / 111"),
      EngineRow(report, "threaded, 10 workers, 5 ms + 0–20 %",
                "engine/threaded/pooled/latency_us:5000/concurrency:10" + seed, "600 / 334"),
      EngineRow(report, "async, 20 connections, 5 ms + 0–20 %",
                "engine/async/pooled/latency_us:5000/concurrency:20" + seed, "2,500 / 802"),
      EngineRow(report, "async, 100 connections, 5 ms + 0–20 %",
                "engine/async/pooled/latency_us:5000/concurrency:100" + seed, "claimed, not run"),
      EngineRow(report, "sync, 1 connection, no delay",
                "engine/sync/pooled/latency_us:0/concurrency:1" + seed, "–"),
      EngineRow(report, "threaded, 10 workers, no delay",
                "engine/threaded/pooled/latency_us:0/concurrency:10" + seed, "–"),
      EngineRow(report, "async, 100 connections, no delay",
                "engine/async/pooled/latency_us:0/concurrency:100" + seed, "–"),
      PoolingRow(report),
      WrkRow(report),
      PatternRow(report),
  };
}

std::vector<std::string> Provenance(const Report& report) {
  const auto fact = [&](const std::string& key) {
    const auto found = report.context.find(key);
    return found == report.context.end() ? std::string("unknown") : found->second;
  };
  return {
      "Machine: " + fact("cpu") + ", " + fact("num_cpus") + " CPUs, " + fact("kernel") +
          ", governor " + fact("governor"),
      "Commit: " + fact("commit") + (fact("dirty") == "true" ? " (with uncommitted changes)" : "") +
          ", " + fact("date"),
      "Build: " + fact("compiler") + ", " + fact("build_type") + ", " + fact("flags"),
  };
}

}  // namespace assay::report
