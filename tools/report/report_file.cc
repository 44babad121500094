#include "tools/report/report_file.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace assay::report {
namespace {

using nlohmann::json;

Error Unreadable(const std::string& path, const std::string& why) {
  return {ErrorCode::kIo, path + ": " + why};
}

double NanosecondsIn(const std::string& unit) {
  if (unit == "s") return 1e9;
  if (unit == "ms") return 1e6;
  if (unit == "us") return 1e3;
  return 1;
}

// Google Benchmark writes NaN and Infinity bare (the cv of zeros, for example),
// which JSON does not allow. Outside strings each such word becomes an empty
// string, padded so that the places in error messages stay right.
std::string WithoutNonNumbers(std::string text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_string = !in_string;
    if (in_string && text[i] == '\\') ++i;
    if (in_string || (text[i] != 'N' && text[i] != 'I' && text[i] != '-')) continue;
    for (const std::string_view word : {"-Infinity", "Infinity", "-NaN", "NaN"}) {
      if (text.compare(i, word.size(), word) != 0) continue;
      text.replace(i, word.size(), "\"\"" + std::string(word.size() - 2, ' '));
      i += word.size() - 1;
      break;
    }
  }
  return text;
}

Run ToRun(const json& entry) {
  Run run;
  run.name = entry.value("run_name", entry.at("name").get<std::string>());
  if (entry.value("error_occurred", false)) {
    run.error = entry.value("error_message", "error without a message");
    return run;
  }
  run.real_time_ns =
      entry.at("real_time").get<double>() * NanosecondsIn(entry.value("time_unit", "ns"));
  for (const auto& [key, value] : entry.items()) {
    if (value.is_number()) run.counters[key] = value.get<double>();
  }
  run.counters["real_time_ns"] = run.real_time_ns;
  return run;
}

}  // namespace

std::vector<double> Report::Values(std::string_view name, std::string_view counter) const {
  std::vector<double> values;
  for (const Run& run : runs) {
    if (run.name != name || !run.error.empty()) continue;
    if (const auto found = run.counters.find(std::string(counter)); found != run.counters.end()) {
      values.push_back(found->second);
    }
  }
  return values;
}

Result<Report> ParseReport(const std::string& path, std::string_view text) {
  try {
    const json file = json::parse(WithoutNonNumbers(std::string(text)));
    Report report;
    for (const auto& [key, value] : file.at("context").items()) {
      report.context[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    for (const json& entry : file.at("benchmarks")) {
      if (entry.value("run_type", "iteration") == "iteration") report.runs.push_back(ToRun(entry));
    }
    return report;
  } catch (const json::parse_error& error) {
    return Unreadable(path, "not JSON at byte " + std::to_string(error.byte));
  } catch (const json::exception& error) {
    return Unreadable(path, std::string("not a Google Benchmark report: ") + error.what());
  }
}

Result<Report> ReadReport(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Unreadable(path, "cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return Unreadable(path, "cannot be read");
  return ParseReport(path, text);
}

}  // namespace assay::report
