#include "bench/versus/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "tools/table/table.h"

namespace assay::bench {
namespace {

using Json = nlohmann::ordered_json;

double Quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

Quartiles Over(std::span<const Pair> pairs, const std::function<double(const Pair&)>& value) {
  std::vector<double> values;
  for (const Pair& pair : pairs) values.push_back(value(pair));
  return QuartilesOf(std::move(values));
}

std::string Fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

std::string WithSpread(const Quartiles& ratio) {
  return Fixed(ratio.median, 2) + " (" + Fixed(ratio.q1, 2) + "-" + Fixed(ratio.q3, 2) + ")";
}

Json ToJson(const Quartiles& quartiles) {
  return {{"q1", quartiles.q1}, {"median", quartiles.median}, {"q3", quartiles.q3}};
}

Json ToJson(const VersusRow& row) {
  return {{"engine", row.engine},
          {"server", row.server},
          {"tls", row.tls},
          {"concurrency", row.concurrency},
          {"rounds", row.rounds},
          {"rps_ratio", ToJson(row.rps_ratio)},
          {"cpu_ratio", ToJson(row.cpu_ratio)},
          {"rps", row.ours.rps},
          {"cpu_us_per_req", row.ours.cpu_us_per_req},
          {"wrk_rps", row.wrk.rps},
          {"wrk_cpu_us_per_req", row.wrk.cpu_us_per_req}};
}

}  // namespace

Quartiles QuartilesOf(std::vector<double> values) {
  std::ranges::sort(values);
  return {Quantile(values, 0.25), Quantile(values, 0.5), Quantile(values, 0.75)};
}

VersusRow RowOf(const Match& match, std::span<const Pair> pairs) {
  VersusRow row{.engine = match.client,
                .server = match.server,
                .tls = match.tls(),
                .concurrency = match.concurrency,
                .rounds = pairs.size()};
  row.rps_ratio = Over(pairs, [](const Pair& pair) { return pair.engine.rps / pair.wrk.rps; });
  row.cpu_ratio = Over(
      pairs, [](const Pair& pair) { return pair.engine.cpu_us_per_req / pair.wrk.cpu_us_per_req; });
  row.ours.rps = Over(pairs, [](const Pair& pair) { return pair.engine.rps; }).median;
  row.wrk.rps = Over(pairs, [](const Pair& pair) { return pair.wrk.rps; }).median;
  row.ours.cpu_us_per_req =
      Over(pairs, [](const Pair& pair) { return pair.engine.cpu_us_per_req; }).median;
  row.wrk.cpu_us_per_req =
      Over(pairs, [](const Pair& pair) { return pair.wrk.cpu_us_per_req; }).median;
  return row;
}

std::string ToText(const VersusReport& report) {
  using table::Align;
  table::Table table({{"engine"},
                      {"server"},
                      {"TLS"},
                      {"connections", Align::kRight},
                      {"rounds", Align::kRight},
                      {"requests/s : wrk", Align::kRight},
                      {"CPU/request : wrk", Align::kRight},
                      {"requests/s", Align::kRight},
                      {"wrk", Align::kRight},
                      {"CPU us/request", Align::kRight},
                      {"wrk", Align::kRight}});
  for (const VersusRow& row : report.rows) {
    table.Add({row.engine, row.server, row.tls ? "yes" : "no", std::to_string(row.concurrency),
               std::to_string(row.rounds), WithSpread(row.rps_ratio), WithSpread(row.cpu_ratio),
               Fixed(row.ours.rps, 0), Fixed(row.wrk.rps, 0), Fixed(row.ours.cpu_us_per_req, 2),
               Fixed(row.wrk.cpu_us_per_req, 2)});
  }
  std::string text;
  if (!table.empty()) {
    for (const std::string& line : table.Lines()) text += line + "\n";
  }
  for (const auto& [what, why] : report.skipped) text += what + " skipped: " + why + "\n";
  return text;
}

std::string ToJson(const VersusReport& report) {
  Json json = {{"version", 1}, {"context", Json::object()}, {"rows", Json::array()}};
  for (const auto& [name, value] : report.context) json["context"][name] = value;
  for (const VersusRow& row : report.rows) json["rows"].push_back(ToJson(row));
  json["skipped"] = Json::array();
  for (const auto& [what, why] : report.skipped) {
    json["skipped"].push_back({{"what", what}, {"reason", why}});
  }
  return json.dump(2) + "\n";
}

}  // namespace assay::bench
