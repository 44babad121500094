#include <cmath>
#include <nlohmann/json.hpp>

#include "tools/regression/render/render.h"

namespace assay::regression {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

Json FiniteOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json RowJson(const Row& row) {
  const Decision& decision = row.decision;
  Json json = {{"benchmark", row.benchmark},
               {"metric", row.metric},
               {"verdict", ToString(decision.verdict)},
               {"grade", ToString(row.grade)},
               {"tolerance", row.tolerance},
               {"base", FiniteOrNull(row.base)},
               {"head", FiniteOrNull(row.head)},
               {"effect", FiniteOrNull(decision.effect)},
               {"low", FiniteOrNull(decision.low)},
               {"high", FiniteOrNull(decision.high)},
               {"p_regressed", FiniteOrNull(decision.p_regressed)},
               {"p_improved", FiniteOrNull(decision.p_improved)},
               {"reason", decision.reason}};
  if (decision.more_blocks) json["more_blocks"] = *decision.more_blocks;
  return json;
}

}  // namespace

std::string RenderJson(const Comparison& comparison) {
  Json counts = Json::object();
  for (const auto& [verdict, count] : comparison.counts)
    counts[std::string(ToString(verdict))] = count;
  Json rows = Json::array();
  for (const Row& row : WorstFirst(comparison.rows)) rows.push_back(RowJson(row));
  const Json json = {{"assay_comparison_schema", kSchemaVersion},
                     {"counts", counts},
                     {"geometric_mean", FiniteOrNull(comparison.geometric_mean)},
                     {"matched", comparison.matched},
                     {"refusals", comparison.conditions.refusals},
                     {"warnings", comparison.conditions.warnings},
                     {"rows", rows}};
  // Names come from foreign programs and may be no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay::regression
