#include "tools/regression/compare/filters.h"

#include <algorithm>
#include <regex>

namespace assay::regression {
namespace {

bool IsOption(const std::string& argument) {
  return argument.size() > 1 && argument.front() == '-';
}

}  // namespace

void KeepAndRename(std::vector<Document>& documents, const std::string& filter,
                   const std::string& replacement) {
  const std::regex pattern(filter);
  for (Document& document : documents) {
    std::erase_if(document.entries,
                  [&](const Entry& entry) { return !std::regex_search(entry.run_name, pattern); });
    for (Entry& entry : document.entries) {
      // A literal replacement: the filters in it may contain '$'.
      std::string renamed;
      auto rest = entry.run_name.cbegin();
      for (std::sregex_iterator match(rest, entry.run_name.cend(), pattern), end; match != end;
           ++match) {
        if (match->length() == 0) continue;
        renamed.append(rest, (*match)[0].first).append(replacement);
        rest = (*match)[0].second;
      }
      renamed.append(rest, entry.run_name.cend());
      entry.run_name = std::move(renamed);
    }
  }
}

std::vector<std::string> FromComparePy(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments.front() != "compare") return arguments;
  std::replace(arguments.begin(), arguments.end(), std::string("-d"), std::string("--json"));
  const auto mode = std::find_if(arguments.begin() + 1, arguments.end(),
                                 [](const std::string& argument) { return !IsOption(argument); });
  if (mode == arguments.end()) return arguments;
  std::vector<std::string> words(mode + 1, arguments.end());
  const auto positional = [&](std::size_t index) -> std::string {
    for (const std::string& word : words) {
      if (!IsOption(word) && index-- == 0) return word;
    }
    return {};
  };
  const auto rebuilt = [&](std::vector<std::string> front, std::size_t used) {
    std::vector<std::string> result(arguments.begin(), mode);
    result.insert(result.end(), front.begin(), front.end());
    for (const std::string& word : words) {
      if (!IsOption(word) && used > 0) {
        --used;
      } else {
        result.push_back(word);
      }
    }
    return result;
  };
  if (*mode == "benchmarks") return rebuilt({}, 0);
  if (*mode == "filters" && !positional(2).empty()) {
    return rebuilt({positional(0), positional(0), "--base-filter=" + positional(1),
                    "--head-filter=" + positional(2)},
                   3);
  }
  if (*mode == "benchmarksfiltered" && !positional(3).empty()) {
    return rebuilt({positional(0), positional(2), "--base-filter=" + positional(1),
                    "--head-filter=" + positional(3)},
                   4);
  }
  return arguments;
}

}  // namespace assay::regression
