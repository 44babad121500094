#include "bench/regression/trace.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace assay::regression {
namespace {

using Json = nlohmann::ordered_json;

// Throws what the JSON library throws for a key that is not there or of another kind.
TraceHeader HeaderOf(const Json& line) {
  TraceHeader header;
  header.seed = std::stoull(line.at("seed").get<std::string>());
  header.min_time_s = line.at("min_time_s").get<double>();
  header.repetitions = line.at("repetitions").get<int>();
  header.report_min_time_s = line.at("report_min_time_s").get<double>();
  if (!line.at("cpu").is_null()) header.cpu = line.at("cpu").get<int>();
  header.load = line.at("load").get<bool>();
  return header;
}

bool AllAbove0(const Repetitions& times) {
  return !times.empty() && std::ranges::all_of(times, [](double time) { return time > 0; });
}

// False for a time that is none: its logarithm would spoil all that comes after.
bool Add(const Json& line, Traces& traces) {
  const double extra = line.at("extra").get<double>();
  if (line.contains("report")) {
    TraceReport report{.extra = extra, .report = line.at("report").get<int>()};
    line.at("ns").get_to(report.ns);
    traces.reports.push_back(std::move(report));
    return std::ranges::all_of(traces.reports.back().ns,
                               [](const auto& row) { return AllAbove0(row.second); });
  }
  TraceBlock block{.extra = extra, .round = line.at("round").get<int>()};
  const auto order = line.at("order").get<std::string>();
  if (order != ToString(BlockOrder::kAbba)) {
    if (order != ToString(BlockOrder::kBaab)) return false;
    block.order = BlockOrder::kBaab;
  }
  line.at("ns").get_to(block.ns);
  traces.blocks.push_back(std::move(block));
  return std::ranges::all_of(traces.blocks.back().ns, [](const auto& row) {
    return std::ranges::all_of(row.second, AllAbove0);
  });
}

}  // namespace

std::string LineOf(const TraceHeader& header) {
  Json line{{"assay_traces", 1},
            {"seed", std::to_string(header.seed)},
            {"min_time_s", header.min_time_s},
            {"repetitions", header.repetitions},
            {"report_min_time_s", header.report_min_time_s},
            {"cpu", nullptr},
            {"load", header.load}};
  if (header.cpu) line["cpu"] = *header.cpu;
  return line.dump() + "\n";
}

std::string LineOf(const TraceBlock& block) {
  const Json line{{"extra", block.extra},
                  {"round", block.round},
                  {"order", ToString(block.order)},
                  {"ns", block.ns}};
  return line.dump() + "\n";
}

std::string LineOf(const TraceReport& report) {
  const Json line{{"extra", report.extra}, {"report", report.report}, {"ns", report.ns}};
  return line.dump() + "\n";
}

Result<Traces> ParseTraces(const std::string& path, std::string_view text) {
  Traces traces;
  int number = 0;
  const auto bad = [&](const char* what) {
    return Error{ErrorCode::kIo, path + ":" + std::to_string(number) + ": " + what};
  };
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    try {
      const Json json = Json::parse(line);
      if (number == 1) {
        if (json.at("assay_traces").get<int>() != 1) return bad("traces of another version than 1");
        traces.header = HeaderOf(json);
      } else if (!Add(json, traces)) {
        return bad("an order other than ABBA and BAAB, or a time not above 0");
      }
    } catch (const std::exception&) {
      return bad(number == 1 ? "not the header of a file of traces"
                             : "neither a block nor a report of a trace");
    }
  }
  if (number == 0) return bad("empty; a file of traces begins with a header");
  return traces;
}

}  // namespace assay::regression
