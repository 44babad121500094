#include "tools/regression/compare/measured.h"

#include <algorithm>

#include "tools/regression/compare/metric.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr std::ptrdiff_t kProcessesForGradeB = 5;

bool IsCentre(const Entry& entry) {
  return entry.kind == Entry::Kind::kAggregate &&
         (entry.aggregate_name == "median" || entry.aggregate_name == "mean");
}

void Add(const Entry& entry, std::size_t document, Measured& measured) {
  if (entry.status != Entry::Status::kOk) {
    measured.trouble = &entry;
  } else if (entry.kind == Entry::Kind::kIteration) {
    measured.documents[document].push_back(&entry);
  } else if (measured.aggregate == nullptr || entry.aggregate_name == "median") {
    measured.aggregate = &entry;
  }
}

std::vector<double> ValuesIn(const std::vector<const Entry*>& entries, std::string_view metric) {
  std::vector<double> values;
  for (const Entry* entry : entries) {
    if (const auto value = ValueOf(*entry, metric)) values.push_back(*value);
  }
  return values;
}

}  // namespace

const Entry& Measured::Any() const {
  for (const auto& entries : documents) {
    if (!entries.empty()) return *entries.front();
  }
  return aggregate != nullptr ? *aggregate : *trouble;
}

MeasuredSide Collect(const std::vector<Document>& documents, const std::regex* filter) {
  MeasuredSide side;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    for (const Entry& entry : documents[i].entries) {
      if (entry.kind != Entry::Kind::kIteration && !IsCentre(entry)) continue;
      auto found = side.by_name.find(entry.run_name);
      if (found == side.by_name.end()) {
        if (filter != nullptr && !std::regex_search(entry.run_name, *filter)) continue;
        found = side.by_name.try_emplace(entry.run_name).first;
        found->second.documents.resize(documents.size());
        side.order.push_back(&entry.run_name);
      }
      Add(entry, i, found->second);
    }
  }
  return side;
}

Grade GradeOf(const Measured& base, const Measured& head) {
  const auto processes = [](const Measured& side) {
    return std::ranges::count_if(side.documents,
                                 [](const auto& entries) { return !entries.empty(); });
  };
  const auto repetitions = [](const Measured& side) {
    std::size_t count = 0;
    for (const auto& entries : side.documents) count += entries.size();
    return count;
  };
  if (std::min(processes(base), processes(head)) >= kProcessesForGradeB) return Grade::kB;
  return std::min(repetitions(base), repetitions(head)) >= 2 ? Grade::kC : Grade::kD;
}

std::vector<double> Repetitions(const Measured& measured, std::string_view metric) {
  std::vector<double> values;
  for (const auto& entries : measured.documents) {
    std::ranges::copy(ValuesIn(entries, metric), std::back_inserter(values));
  }
  return values;
}

std::vector<double> Values(const Measured& measured, std::string_view metric, Grade grade) {
  std::vector<double> values;
  if (grade == Grade::kB) {
    for (const auto& entries : measured.documents) {
      auto repetitions = ValuesIn(entries, metric);
      if (!repetitions.empty()) values.push_back(Median(std::move(repetitions)));
    }
  } else {
    values = Repetitions(measured, metric);
  }
  if (values.empty() && measured.aggregate != nullptr) {
    values = ValuesIn({measured.aggregate}, metric);
  }
  return values;
}

}  // namespace assay::regression
