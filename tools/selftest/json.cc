#include <cmath>
#include <nlohmann/json.hpp>

#include "tools/selftest/judge.h"
#include "tools/selftest/render.h"

namespace assay::selftest {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

Json Number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

template <class T>
Json Optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json RowJson(const SelfRow& row) {
  if (!row.trouble.empty()) return {{"name", row.name}, {"trouble", row.trouble}};
  const regression::Decision& decision = row.decision;
  return {{"name", row.name},
          {"median_ns", Number(row.median_ns)},
          {"blocks", row.blocks},
          {"block_sd", Optional(row.block_sd)},
          {"verdict", ToString(decision.verdict)},
          {"effect", Number(decision.effect)},
          {"low", Number(decision.low)},
          {"high", Number(decision.high)},
          {"pairs", row.pairs},
          {"pairs_different", row.pairs_different},
          {"sensitivity_known", row.sensitivity_known},
          {"detects", Optional(row.detects)},
          {"blocks_for_change", Optional(row.blocks_for_change)}};
}

}  // namespace

std::string RenderJson(const Report& report) {
  Json wakeups = Json::array();
  for (const Wakeup& row : report.wakeups) {
    wakeups.push_back({{"name", row.name},
                       {"count", row.late.count},
                       {"p50_ns", row.late.p50_ns},
                       {"p99_ns", row.late.p99_ns},
                       {"max_ns", row.late.max_ns}});
  }
  Json floor = Json::array();
  for (const FloorRow& row : report.floor) {
    floor.push_back(
        {{"name", row.name}, {"lowest_ns", row.lowest_ns}, {"median_ns", row.median_ns}});
  }
  Json rows = Json::array();
  for (const SelfRow& row : report.rows) rows.push_back(RowJson(row));
  const Json json = {{"assay_selftest_schema", kSchemaVersion},
                     {"seed", report.seed},
                     {"tolerance", report.tolerance},
                     {"change", report.change},
                     {"planned_blocks", report.planned_blocks},
                     {"most_blocks", report.most_blocks},
                     {"power", report.power},
                     {"simulations", report.simulations},
                     {"repetitions", report.repetitions},
                     {"blocks", report.blocks},
                     {"block_seconds", report.block_seconds},
                     {"clock",
                      {{"reads", report.clock.reads},
                       {"smallest_step_ns", Optional(report.clock.smallest_ns)},
                       {"backwards", report.clock.backwards},
                       {"read_ns", report.clock_read_ns}}},
                     {"wakeups", wakeups},
                     {"floor", floor},
                     {"rows", rows},
                     {"false_alarms", FalseAlarms(report)},
                     {"warnings", report.warnings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::selftest
