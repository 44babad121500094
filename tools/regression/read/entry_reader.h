// Reads one element of `benchmarks` after the other.
//
// An element is first taken apart (schema keys to their values, other numbers to
// counters) and then built, because what a key means can depend on later ones:
// `time_unit` follows the times, and `rms` is a counter when there are times.
// For one document and one thread.
#ifndef ASSAY_TOOLS_REGRESSION_READ_ENTRY_READER_H_
#define ASSAY_TOOLS_REGRESSION_READ_ENTRY_READER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/regression/read/document.h"
#include "tools/regression/read/entry_keys.h"
#include "tools/regression/read/notes.h"
#include "tools/regression/read/scanner.h"

namespace assay::regression {

class EntryReader {
 public:
  EntryReader(Scanner& scanner, Notes& notes) : scanner_(scanner), notes_(notes) {}

  // The element whose brace is next. false with the scanner's fault when it is
  // incomplete, malformed, or says something that has no meaning here.
  bool Read(Entry& entry);

 private:
  bool ReadMember(const RawString& key, Entry& entry);
  void KeepSchemaValue(EntryKey key, Value& value);
  void KeepCounter(std::string name, const Value& value, Entry& entry);
  void NoteNumber(const Value& value);

  bool Build(Entry& entry);
  bool BuildNames(Entry& entry);
  void BuildKind(Entry& entry);
  void TellKindByName(std::string_view name, Entry& entry);
  void BuildStatus(Entry& entry);
  void BuildNumbers(Entry& entry);
  bool BuildTimes(Entry& entry);
  void MoveToCounters(EntryKey key, Entry& entry);
  double Time(EntryKey key, double scale, const Entry& entry);
  bool Refuse(std::string what);

  Scanner& scanner_;
  Notes& notes_;
  EntryKeyFinder keys_;
  EntryValues values_;
  std::string name_;  // of the entry being read
  std::size_t begin_ = 0;
  std::vector<std::size_t> odd_counters_;            // offsets of those that are not finite
  std::unordered_map<std::string, int> unnumbered_;  // repetitions without an index, by run name
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_ENTRY_READER_H_
