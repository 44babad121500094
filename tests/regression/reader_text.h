// Reports as text for the reader's tests.
#ifndef ASSAY_TESTS_REGRESSION_READER_TEXT_H_
#define ASSAY_TESTS_REGRESSION_READER_TEXT_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tools/regression/read/reader.h"

namespace assay::regression {

// A report whose `benchmarks` has these elements.
inline std::string ReportOf(const std::string& elements) {
  return R"({"context": {"num_cpus": 2}, "benchmarks": [)" + elements + "]}";
}

// An element with what every iteration has, and these members after it.
inline std::string EntryOf(const std::string& name, const std::string& members = "") {
  return R"({"name": ")" + name + R"(", "run_name": ")" + name +
         R"(", "run_type": "iteration", "threads": 1, "iterations": 10,)"
         R"( "real_time": 2.5, "cpu_time": 1.5, "time_unit": "ns")" +
         members + "}";
}

inline std::vector<Document> ParseAll(std::string_view text) {
  Result<std::vector<Document>> documents = ParseReports("r.json", text);
  if (documents.ok()) return *std::move(documents);
  ADD_FAILURE() << documents.error().message;
  return std::vector<Document>(1);
}

inline Document ParseOne(std::string_view text) {
  std::vector<Document> documents = ParseAll(text);
  EXPECT_EQ(documents.size(), 1U);
  return std::move(documents.front());
}

// The only entry of a report with one element.
inline Entry ParseEntry(const std::string& element) {
  const Document document = ParseOne(ReportOf(element));
  EXPECT_EQ(document.entries.size(), 1U);
  return document.entries.empty() ? Entry() : document.entries.front();
}

inline std::string ErrorOf(std::string_view text) {
  const Result<std::vector<Document>> documents = ParseReports("r.json", text);
  if (documents.ok()) return "no error";
  EXPECT_EQ(documents.error().code, ErrorCode::kIo);
  return documents.error().message;
}

// Whether one of the notes contains `part`.
inline bool Notes(const Document& document, std::string_view part) {
  return std::any_of(document.notes.begin(), document.notes.end(), [part](const std::string& note) {
    return note.find(part) != std::string::npos;
  });
}

inline bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The counter of that name, NaN when there is none.
inline double Counter(const Entry& entry, std::string_view name) {
  for (const auto& [key, value] : entry.counters) {
    if (key == name) return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace assay::regression

#endif  // ASSAY_TESTS_REGRESSION_READER_TEXT_H_
