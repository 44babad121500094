// Any bytes at all: ParseReports() answers with documents or an error, never with a
// crash, and what it answers keeps the promises of document.h.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/regression/read/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto documents = assay::regression::ParseReports("fuzz", text);
  if (!documents) {
    if (!documents.error().message.starts_with("fuzz:")) std::abort();
    return 0;
  }
  if (documents.value().empty()) std::abort();
  for (const assay::regression::Document& document : documents.value()) {
    if (document.truncated && document.notes.empty()) std::abort();
    for (const assay::regression::Entry& entry : document.entries) {
      if (entry.run_name.empty() || entry.threads < 1 || entry.repetition_index < 0) std::abort();
    }
  }
  return 0;
}
