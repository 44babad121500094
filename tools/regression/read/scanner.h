// A forward walk over JSON text that forgives what reports are known to contain.
//
// Nothing is copied: strings and nested values are views of the text, which must
// outlive them. Values that nobody asked for are stepped over without recursion.
// Every reading function returns false when it cannot go on; fault() then says why
// and where, and the scanner is of no further use. One thread.
#ifndef ASSAY_TOOLS_REGRESSION_READ_SCANNER_H_
#define ASSAY_TOOLS_REGRESSION_READ_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tools/regression/read/json_number.h"

namespace assay::regression {

constexpr bool IsJsonSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// A string as it stands between its quotes.
struct RawString {
  std::string_view raw;
  bool escaped = false;

  std::string Decode() const;
};

// The value of a member.
struct Value {
  enum class Kind : std::uint8_t { kString, kNumber, kBool, kNull, kNested };

  Kind kind = Kind::kNull;
  bool truth = false;  // of kBool
  Number number;       // of kNumber
  RawString text;      // of kString without the quotes, else as it stands in the text
  std::size_t offset = 0;
};

// Why reading stopped.
struct Fault {
  enum class Kind : std::uint8_t {
    kEnd,       // the text ends here
    kSyntax,    // something else than what can stand here
    kNoReport,  // well-formed, but no report
    kMeaning,   // a report that says something unknown; nothing of it can be trusted
  };

  Kind kind = Kind::kEnd;
  std::size_t offset = 0;
  std::string what;
};

class Scanner {
 public:
  static constexpr int kEnd = -1;

  explicit Scanner(std::string_view text, std::size_t offset = 0)
      : text_(text), offset_(offset), string_begin_(offset) {}

  std::string_view text() const { return text_; }
  std::size_t offset() const { return offset_; }
  const Fault& fault() const { return fault_; }
  // After a fault: from here on another document may begin. Not simply the fault's
  // place, as the quote that ended a torn string may have opened the next document's.
  std::size_t resume_offset() const;

  // The next byte that is no white space, or kEnd. It is not taken.
  int Peek() {
    std::size_t offset = offset_;
    while (offset < text_.size() && IsJsonSpace(text_[offset])) ++offset;
    offset_ = offset;
    return offset < text_.size() ? static_cast<unsigned char>(text_[offset]) : kEnd;
  }
  bool Take(char wanted) {
    const bool found = Peek() == static_cast<unsigned char>(wanted);
    if (found) ++offset_;
    return found;
  }
  // Like Take(); a fault when something else stands there.
  bool Expect(char wanted, std::string_view description) {
    return Take(wanted) || FailExpecting(description);
  }
  bool ReadString(RawString& string);
  // The value of an object's member; see ReadNumber() for why only there.
  bool ReadValue(Value& value);
  // `{` and the first key of a report.
  bool AtReport();
  // Goes on at `offset`, which lies ahead.
  void MoveTo(std::size_t offset) { offset_ = offset; }

  // Always false.
  bool FailExpecting(std::string_view description);
  bool Fail(Fault::Kind kind, std::size_t offset, std::string what);

 private:
  bool ReadWord(Value& value);
  bool SkipNested();
  bool StepNested(std::string& open);

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t string_begin_ = 0;  // of the last string read
  Fault fault_;
};

// Reads an object: `on_member(key)` is called for each member when its value is next
// and must read it. A comma before the closing brace is tolerated.
template <class OnMember>
bool ReadObject(Scanner& scanner, OnMember&& on_member) {
  if (!scanner.Expect('{', "an object")) return false;
  RawString key;
  while (!scanner.Take('}')) {
    if (!scanner.ReadString(key) || !scanner.Expect(':', "':' after a key")) return false;
    if (!on_member(key)) return false;
    if (scanner.Take(',')) continue;
    return scanner.Expect('}', "',' or '}'");
  }
  return true;
}

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_SCANNER_H_
