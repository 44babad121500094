#include "tools/regression/read/document_reader.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "tools/regression/read/entry_reader.h"
#include "tools/regression/read/json_string.h"

namespace assay::regression {
namespace {

class DocumentReader {
 public:
  DocumentReader(Scanner& scanner, Notes& notes, Document& document)
      : scanner_(scanner), notes_(notes), document_(document), entries_(scanner, notes) {}

  bool Read();

 private:
  bool ReadMember(const RawString& key);
  bool ReadContext();
  bool ReadFact(const RawString& key);
  bool ReadEntries();
  bool ReadElement(int next);
  bool SkipForeignText();
  bool Salvage();

  Scanner& scanner_;
  Notes& notes_;
  Document& document_;
  EntryReader entries_;
  bool has_context_ = false;                 // and it is complete
  bool has_entries_ = false;                 // the array, at least its bracket
  std::optional<std::size_t> foreign_text_;  // the first between entries
};

bool DocumentReader::Read() {
  const bool whole = ReadObject(scanner_, [this](const RawString& key) { return ReadMember(key); });
  if (!whole) return Salvage();
  if (!has_entries_) {
    return scanner_.Fail(Fault::Kind::kNoReport, scanner_.offset() - 1,
                         "an object without a \"benchmarks\" array ends here");
  }
  // [1, 2, 3] is an array of something else, not of entries with text between them.
  if (foreign_text_ && !has_context_ && document_.entries.empty()) {
    return scanner_.Fail(Fault::Kind::kNoReport, *foreign_text_, "this is no entry");
  }
  return true;
}

bool DocumentReader::ReadMember(const RawString& key) {
  if (scanner_.AtReport()) return scanner_.FailExpecting("a value, not another report");
  const std::string name = key.Decode();
  const int next = scanner_.Peek();
  if (name == "context" && next == '{' && !has_context_) return ReadContext();
  if (name == "benchmarks" && next == '[' && !has_entries_) return ReadEntries();
  if (name == "context" || name == "benchmarks") {
    notes_.Add(scanner_.offset(), "left out what is not the first proper " + Quoted(name));
  }
  Value unknown;
  return scanner_.ReadValue(unknown);
}

bool DocumentReader::ReadContext() {
  if (!ReadObject(scanner_, [this](const RawString& key) { return ReadFact(key); })) return false;
  has_context_ = true;
  return true;
}

bool DocumentReader::ReadFact(const RawString& key) {
  if (scanner_.AtReport()) return scanner_.FailExpecting("a value, not another report");
  Value value;
  if (!scanner_.ReadValue(value)) return false;
  std::string text = value.text.Decode();
  if (value.kind == Value::Kind::kNumber && value.number.localised) {
    notes_.Add(value.offset, "read a number in a locale's notation");
    if (value.number.whole) text = std::to_string(value.number.integer);
  }
  if (!document_.context.emplace(key.Decode(), std::move(text)).second) {
    notes_.Add(value.offset, "left out a second " + Quoted(key.raw) + "; the first one counts");
  }
  return true;
}

bool DocumentReader::ReadEntries() {
  scanner_.Take('[');
  has_entries_ = true;
  while (!scanner_.Take(']')) {
    if (!ReadElement(scanner_.Peek())) return false;
  }
  return true;
}

// An entry or what stands between two of them.
bool DocumentReader::ReadElement(int next) {
  if (next == ',') return scanner_.Take(',');
  if (next == Scanner::kEnd) return scanner_.FailExpecting("an entry or ']'");
  if (next != '{') return SkipForeignText();
  if (scanner_.AtReport()) return scanner_.FailExpecting("an entry, not another report");
  Entry entry;
  if (!entries_.Read(entry)) return false;
  document_.entries.push_back(std::move(entry));
  return true;
}

// A benchmark that prints while the report goes to the same stream leaves its text
// between entries. What follows is found by what an entry and the end look like.
bool DocumentReader::SkipForeignText() {
  const std::size_t begin = scanner_.offset();
  const std::string_view text = scanner_.text();
  constexpr std::string_view kSpace = " \t\r\n";
  for (std::size_t at = text.find_first_of("{]", begin + 1); at != std::string_view::npos;
       at = text.find_first_of("{]", at + 1)) {
    const std::size_t after = text.find_first_not_of(kSpace, at + 1);
    if (after == std::string_view::npos) break;
    if (text[after] != (text[at] == '{' ? '"' : '}')) continue;
    notes_.Add(begin, "skipped text between entries");
    if (!foreign_text_) foreign_text_ = begin;
    scanner_.MoveTo(at);
    return true;
  }
  return scanner_.FailExpecting("an entry, ',' or ']'");
}

// Keeps what is complete of a report that cannot be read on.
bool DocumentReader::Salvage() {
  const Fault& fault = scanner_.fault();
  if (fault.kind == Fault::Kind::kMeaning) return false;
  const bool report = !document_.entries.empty() ||
                      (has_context_ && (has_entries_ || fault.kind == Fault::Kind::kEnd));
  if (!report) return false;
  document_.truncated = true;
  notes_.Add(fault.offset, "the report ends early after " +
                               std::to_string(document_.entries.size()) +
                               " complete entries: " + fault.what);
  return true;
}

}  // namespace

bool ReadDocument(Scanner& scanner, Notes& notes, Document& document) {
  return DocumentReader(scanner, notes, document).Read();
}

}  // namespace assay::regression
