#include "tools/regression/run/block.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {
namespace {

// Whether `part` is one of the components of the name: "/real_time", not "/real_times".
bool HasPart(std::string_view name, std::string_view part) {
  for (std::size_t at = name.find(part); at != std::string_view::npos;
       at = name.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if (end == name.size() || name[end] == '/') return true;
  }
  return false;
}

double ClockOf(const Entry& entry) {
  const bool real =
      HasPart(entry.run_name, "/real_time") || HasPart(entry.run_name, "/manual_time");
  return real ? entry.real_time_ns : entry.cpu_time_ns;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Gathered {
  std::vector<double> repetitions;
  std::vector<double> medians;
  std::string trouble;
};

void Gather(const Entry& entry, Gathered& benchmark) {
  if (entry.status != Entry::Status::kOk) {
    const bool failed = entry.status == Entry::Status::kErrored;
    benchmark.trouble = (failed ? "failed: " : "skipped: ") +
                        (entry.message.empty() ? "no reason given" : entry.message);
  } else if (entry.kind == Entry::Kind::kIteration) {
    benchmark.repetitions.push_back(ClockOf(entry));
  } else if (entry.kind == Entry::Kind::kAggregate && entry.aggregate_name == "median") {
    benchmark.medians.push_back(ClockOf(entry));
  }
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

double BlockValue(BlockOrder order, const LaunchTimes& times) noexcept {
  const double abba = (std::log(times[1] / times[0]) + std::log(times[2] / times[3])) / 2;
  return order == BlockOrder::kAbba ? abba : -abba;
}

std::map<std::string, GatedTime> GatedTimes(const Document& report) {
  std::map<std::string, Gathered> gathered;
  for (const Entry& entry : report.entries) Gather(entry, gathered[entry.run_name]);

  std::map<std::string, GatedTime> times;
  for (auto& [name, benchmark] : gathered) {
    GatedTime& time = times[name];
    const auto& values = benchmark.repetitions.empty() ? benchmark.medians : benchmark.repetitions;
    time.trouble = benchmark.trouble;
    if (!time.trouble.empty()) continue;
    // BigO and RMS come under a name of their own, without a time; so a family with
    // complexity leaves one such name here that nobody asked for.
    if (values.empty()) {
      time.trouble = "reports no time";
      continue;
    }
    time.ns = Median(values);
    if (!std::isfinite(time.ns) || time.ns <= 0) {
      time.trouble = "reports a time of " + std::to_string(time.ns) + " ns";
    }
  }
  return times;
}

}  // namespace assay::regression
