#include "tools/regression/run/block.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/run/metric_value.h"

namespace assay::regression {
namespace {

constexpr double kLogOfZero = -800;  // below the logarithm of the smallest double, -745

double LogRatio(double base, double head) {
  const auto logarithm = [](double value) { return value == 0 ? kLogOfZero : std::log(value); };
  return logarithm(head) - logarithm(base);  // of a negative value: NaN
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Gathered {
  std::vector<const Entry*> repetitions;
  std::vector<const Entry*> medians;
  std::string trouble;
};

void Gather(const Entry& entry, Gathered& benchmark) {
  if (entry.status != Entry::Status::kOk) {
    const bool failed = entry.status == Entry::Status::kErrored;
    benchmark.trouble = (failed ? "failed: " : "skipped: ") +
                        (entry.message.empty() ? "no reason given" : entry.message);
  } else if (entry.kind == Entry::Kind::kIteration) {
    benchmark.repetitions.push_back(&entry);
  } else if (entry.kind == Entry::Kind::kAggregate && entry.aggregate_name == "median") {
    benchmark.medians.push_back(&entry);
  }
}

std::vector<double> ValuesOf(const std::vector<const Entry*>& entries, const std::string& metric) {
  std::vector<double> values;
  for (const Entry* entry : entries) {
    if (const auto value = ValueOf(*entry, metric)) values.push_back(*value);
  }
  return values;
}

LaunchReading ReadingOf(const Gathered& benchmark, const RecordedMetrics& metrics) {
  if (!benchmark.trouble.empty()) return {.trouble = benchmark.trouble};
  const auto& entries = benchmark.repetitions.empty() ? benchmark.medians : benchmark.repetitions;
  // BigO and RMS come under a name of their own, without a time; so a family with
  // complexity leaves one such name here that nobody asked for.
  if (entries.empty()) return {.trouble = "reports no time"};
  LaunchReading reading;
  for (const std::string& metric : metrics.medians) {
    const auto values = ValuesOf(entries, metric);
    if (!values.empty()) reading.medians[metric] = Median(values);
  }
  for (const std::string& metric : metrics.counts) {
    const auto values = ValuesOf(benchmark.repetitions, metric);
    if (values.size() < benchmark.repetitions.size()) continue;
    if (const auto count = ExactCount(values)) reading.counts[metric] = *count;
  }
  return reading;
}

}  // namespace

std::string_view ToString(BlockOrder order) noexcept {
  return order == BlockOrder::kAbba ? "ABBA" : "BAAB";
}

BlockOrder OrderOfBlock(std::uint64_t seed, int block) noexcept {
  const std::uint64_t draw = Draw(seed, "order", static_cast<std::uint64_t>(block), 0);
  return (draw >> 63) == 0 ? BlockOrder::kAbba : BlockOrder::kBaab;
}

Side SideOfLaunch(BlockOrder order, std::size_t launch) noexcept {
  return (ToString(order)[launch] == 'A') ? Side::kBase : Side::kHead;
}

double BlockValue(BlockOrder order, const LaunchValues& values) noexcept {
  const double abba = (LogRatio(values[0], values[1]) + LogRatio(values[3], values[2])) / 2;
  return order == BlockOrder::kAbba ? abba : -abba;
}

std::map<std::string, LaunchReading> ReadingsIn(const Document& report,
                                                const RecordedMetrics& metrics) {
  std::map<std::string, Gathered> gathered;
  for (const Entry& entry : report.entries) Gather(entry, gathered[entry.run_name]);

  std::map<std::string, LaunchReading> readings;
  for (const auto& [name, benchmark] : gathered) readings[name] = ReadingOf(benchmark, metrics);
  return readings;
}

}  // namespace assay::regression
