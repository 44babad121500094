#include "tools/report/headline.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace assay::report {
namespace {

using regression::Document;
using regression::Entry;

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

// At least three significant digits, and no exponent for what a report contains.
std::string Number(double value) {
  char text[32];
  const int digits = value <= 0 ? 0 : static_cast<int>(std::floor(std::log10(value)));
  std::snprintf(text, sizeof(text), "%.*f", std::clamp(2 - digits, 0, 3), value);
  return text;
}

std::string Text(const Spread& spread, const std::string& unit) {
  return Number(spread.median) + unit + " (" + Number(spread.low) + "–" + Number(spread.high) + ")";
}

// A counter, "real_time_ns" too, of every measured repetition of `name`; what is no
// number (a rate over no time) is left out.
std::vector<double> ValuesOf(const Document& report, const std::string& name,
                             const std::string& counter) {
  std::vector<double> values;
  const auto keep = [&](double value) {
    if (std::isfinite(value)) values.push_back(value);
  };
  for (const Entry& entry : report.entries) {
    if (entry.run_name != name || entry.kind != Entry::Kind::kIteration ||
        entry.status != Entry::Status::kOk) {
      continue;
    }
    if (counter == "real_time_ns") keep(entry.real_time_ns);
    for (const auto& [key, value] : entry.counters) {
      if (key == counter) keep(value);
    }
  }
  return values;
}

std::string MedianOf(const Document& report, const std::string& name, const std::string& counter) {
  const auto values = ValuesOf(report, name, counter);
  return values.empty() ? "?" : Number(SpreadOf(values).median);
}

std::string WithSpread(const Document& report, const std::string& name, const std::string& counter,
                       const std::string& unit = "") {
  const auto values = ValuesOf(report, name, counter);
  return values.empty() ? "?" : Text(SpreadOf(values), unit);
}

// The median of one over the median of the other, and the extremes that the two
// spreads allow: repetitions are shuffled, so they do not come in pairs.
std::string RatioOf(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.empty() || b.empty()) return "?";
  const Spread over = SpreadOf(a), under = SpreadOf(b);
  return Text({over.low / under.high, over.median / under.median, over.high / under.low}, "");
}

// The row's benchmarks, or that they are not there.
HeadlineRow Started(const Document& report, const std::string& question, const std::string& before,
                    const std::vector<std::string>& benchmarks) {
  HeadlineRow row{.question = question, .before = before, .benchmarks = benchmarks};
  row.missing = std::ranges::any_of(benchmarks, [&](const std::string& name) {
    return ValuesOf(report, name, "real_time_ns").empty();
  });
  if (row.missing) row.result = "not in this report";
  return row;
}

HeadlineRow EngineRow(const Document& report, const std::string& question, const std::string& name,
                      const std::string& before) {
  HeadlineRow row = Started(report, question, before, {name});
  if (row.missing) return row;
  row.result = WithSpread(report, name, "rps", "/s");
  if (!ValuesOf(report, name, "ideal_ratio").empty()) {
    row.against = MedianOf(report, name, "ideal_ratio") + " of ideal (planned " +
                  MedianOf(report, name, "ideal_ratio_planned") + ")";
  }
  row.cpu = WithSpread(report, name, "cpu_us_per_req");
  row.latency = MedianOf(report, name, "p50_us") + " / " + MedianOf(report, name, "p99_us");
  return row;
}

HeadlineRow RoundTripRow(const Document& report) {
  const std::string floor = "engine/floor/pooled/latency_us:0/concurrency:1/real_time";
  const std::string sync = "engine/sync/pooled/latency_us:0/concurrency:1/real_time";
  const std::string question = "sync, 1 connection, no delay, one CPU";
  HeadlineRow row = Started(report, question, "–", {sync, floor});
  if (row.missing) return row;
  row = EngineRow(report, question, sync, "–");
  row.benchmarks.push_back(floor);
  row.against = "floor " + MedianOf(report, floor, "rps") + "/s";
  return row;
}

HeadlineRow PoolingRow(const Document& report) {
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  const std::string pooled = "pooling/pooled" + tail, naive = "pooling/naive" + tail;
  HeadlineRow row =
      Started(report, "pooled ÷ naive, 32 connections, no delay", "1.8 / 1.8", {pooled, naive});
  if (row.missing) return row;
  row.result = "× " + RatioOf(ValuesOf(report, pooled, "rps"), ValuesOf(report, naive, "rps"));
  row.against = "naive " + MedianOf(report, naive, "rps") + "/s";
  row.cpu = MedianOf(report, pooled, "cpu_us_per_req") + " : " +
            MedianOf(report, naive, "cpu_us_per_req");
  return row;
}

HeadlineRow WrkRow(const Document& report) {
  const std::string name = "versus_wrk/async/pooled/latency_us:0/concurrency:32/real_time";
  HeadlineRow row = Started(report, "async ÷ wrk -t1 -c32, no delay", "–", {name});
  if (row.missing) return row;
  row.result = "× " + WithSpread(report, name, "rps_ratio");
  row.against = "wrk " + MedianOf(report, name, "wrk_rps") + "/s";
  row.cpu = MedianOf(report, name, "cpu_us_per_req") + " : " +
            MedianOf(report, name, "wrk_cpu_us_per_req");
  return row;
}

HeadlineRow PatternRow(const Document& report) {
  const std::string prefix = "pattern/semaphore_and_circuit_breaker/";
  const std::string calm = prefix + "calm", floor = prefix + "floor", off = prefix + "off";
  HeadlineRow row =
      Started(report, "semaphore + breaker, per request", "2 ms / 19 µs", {calm, floor, off});
  if (row.missing) return row;
  row.result = WithSpread(report, calm, "real_time_ns", " ns");
  row.against = "floor " + MedianOf(report, floor, "real_time_ns") + ", off " +
                MedianOf(report, off, "real_time_ns") + " ns";
  return row;
}

}  // namespace

std::vector<HeadlineRow> Headline(const Document& report) {
  const std::string delayed = "/pooled/latency_us:5000/concurrency:";
  const std::string at_once = "/pooled/latency_us:0/concurrency:";
  return {
      EngineRow(report, "sync, 1 connection, 5 ms + 0–20 %",
                "engine/sync" + delayed + "1/real_time", "130 / 111"),
      EngineRow(report, "threaded, 10 workers, 5 ms + 0–20 %",
                "engine/threaded" + delayed + "10/real_time", "600 / 334"),
      EngineRow(report, "async, 20 connections, 5 ms + 0–20 %",
                "engine/async" + delayed + "20/real_time", "2,500 / 802"),
      EngineRow(report, "async, 100 connections, 5 ms + 0–20 %",
                "engine/async" + delayed + "100/real_time", "not run"),
      RoundTripRow(report),
      EngineRow(report, "threaded, 10 workers, no delay",
                "engine/threaded" + at_once + "10/real_time", "–"),
      EngineRow(report, "async, 100 connections, no delay",
                "engine/async" + at_once + "100/real_time", "–"),
      PoolingRow(report),
      WrkRow(report),
      PatternRow(report),
  };
}

std::vector<std::string> Provenance(const Document& report) {
  const auto fact = [&](const std::string& key) { return report.Fact(key).value_or("unknown"); };
  return {
      "Machine: " + fact("cpu") + ", " + fact("num_cpus") + " CPUs, " + fact("kernel") +
          ", governor " + fact("governor"),
      "Command: " + fact("command"),
      "Commit: " + fact("commit") + (fact("dirty") == "true" ? " (with uncommitted changes)" : "") +
          ", " + fact("date"),
      "Build: " + fact("compiler") + ", " + fact("build_type") + ", " + fact("flags"),
  };
}

}  // namespace assay::report
