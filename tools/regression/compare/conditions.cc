#include "tools/regression/compare/conditions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>

namespace assay::regression {
namespace {

// The different answers that the documents of a side give, "unknown" for none.
std::set<std::string> Answers(const std::vector<Document>& side, const std::string& key) {
  std::set<std::string> answers;
  for (const Document& document : side) answers.insert(document.Fact(key).value_or("unknown"));
  return answers;
}

std::string Joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// "host_name differs: a (base), b (head)"; empty when it does not.
std::string Difference(const std::vector<Document>& base, const std::vector<Document>& head,
                       const std::string& key) {
  const std::set<std::string> left = Answers(base, key), right = Answers(head, key);
  if (left == right && left.size() == 1) return {};
  // An older library says less; that alone is no difference of the machine.
  if (left == std::set<std::string>{"unknown"} || right == std::set<std::string>{"unknown"})
    return {};
  return key + " differs: " + Joined(left) + " (base), " + Joined(right) + " (head)";
}

// Reports carry a version since 1.8.4; "v1.9.5" and later began with 1.9.0.
bool CountsThreadsOnce(const Document& document) {
  const std::string version = document.Fact("library_version").value_or("v1.8.0");
  int major = 0, minor = 0;
  const char* begin = version.data() + (version.starts_with('v') ? 1 : 0);
  const char* end = version.data() + version.size();
  const auto [dot, failed] = std::from_chars(begin, end, major);
  if (failed == std::errc() && dot != end) std::from_chars(dot + 1, end, minor);
  return major > 1 || (major == 1 && minor >= 9);
}

void CollectNotes(const std::vector<Document>& side, std::vector<std::string>& warnings) {
  for (const Document& document : side) {
    for (const std::string& note : document.notes) {
      const std::string warning = document.path + ": " + note;
      // A file that is compared with itself, or an executable, would say it twice.
      if (std::ranges::find(warnings, warning) == warnings.end()) warnings.push_back(warning);
    }
  }
}

}  // namespace

Conditions CheckConditions(const std::vector<Document>& base, const std::vector<Document>& head) {
  Conditions conditions;
  for (const char* key : {"host_name", "num_cpus", "cpu", "library_build_type", "build_type"}) {
    if (auto text = Difference(base, head, key); !text.empty()) conditions.refusals.push_back(text);
  }
  for (const char* key : {"library_version", "cpu_scaling_enabled", "aslr_enabled", "mhz_per_cpu",
                          "compiler", "flags", "kernel", "governor", "fixture", "seed"}) {
    if (auto text = Difference(base, head, key); !text.empty()) conditions.warnings.push_back(text);
  }
  std::set<bool> counting;
  for (const auto* side : {&base, &head}) {
    for (const Document& document : *side) {
      counting.insert(CountsThreadsOnce(document));
      if (document.Fact("cpu_scaling_enabled") == "true") {
        conditions.warnings.push_back(document.path + ": CPU frequency scaling was enabled");
      }
    }
    CollectNotes(*side, conditions.warnings);
  }
  conditions.thread_times_differ = counting.size() == 2;
  return conditions;
}

}  // namespace assay::regression
