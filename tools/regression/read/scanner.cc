#include "tools/regression/read/scanner.h"

#include <algorithm>
#include <utility>

#include "tools/regression/read/json_string.h"

namespace assay::regression {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string RawString::Decode() const { return escaped ? DecodeString(raw) : std::string(raw); }

std::size_t Scanner::resume_offset() const { return std::min(string_begin_ + 1, offset_); }

bool Scanner::FailExpecting(std::string_view description) {
  const bool ended = Peek() == kEnd;
  const std::string found = ended ? "the end" : Quoted(text_.substr(offset_, 1));
  return Fail(ended ? Fault::Kind::kEnd : Fault::Kind::kSyntax, offset_,
              "expected " + std::string(description) + ", found " + found);
}

bool Scanner::Fail(Fault::Kind kind, std::size_t offset, std::string what) {
  fault_ = Fault{kind, offset, std::move(what)};
  return false;
}

bool Scanner::ReadString(RawString& string) {
  if (Peek() != '"') return FailExpecting("a string");
  const std::string_view rest = text_.substr(offset_ + 1);
  std::size_t end = 0;
  bool escaped = false;
  for (; end < rest.size() && rest[end] != '"'; ++end) {
    if (rest[end] != '\\') continue;
    escaped = true;
    ++end;
  }
  if (end >= rest.size()) {
    offset_ = text_.size();
    return FailExpecting("'\"' at the end of a string");
  }
  string_begin_ = offset_;
  string.raw = rest.substr(0, end);
  string.escaped = escaped;
  offset_ += end + 2;
  return true;
}

bool Scanner::ReadValue(Value& value) {
  const int next = Peek();
  value.offset = offset_;
  if (next == '"') {
    value.kind = Value::Kind::kString;
    return ReadString(value.text);
  }
  value.text.escaped = false;
  if (next == '{' || next == '[') {
    value.kind = Value::Kind::kNested;
    if (!SkipNested()) return false;
  } else if (const std::optional<Number> number = ReadNumber(text_.substr(offset_))) {
    value.kind = Value::Kind::kNumber;
    value.number = *number;
    offset_ += number->length;
  } else if (!ReadWord(value)) {
    return FailExpecting("a value");
  }
  value.text.raw = text_.substr(value.offset, offset_ - value.offset);
  return true;
}

// true, false and null.
bool Scanner::ReadWord(Value& value) {
  std::size_t end = offset_;
  while (end < text_.size() && IsLetter(text_[end])) ++end;
  const std::string_view word = text_.substr(offset_, end - offset_);
  value.truth = word == "true";
  if (value.truth || word == "false") {
    value.kind = Value::Kind::kBool;
  } else if (word == "null") {
    value.kind = Value::Kind::kNull;
  } else {
    // A word that the end of the text cut off is an end, not an unknown word.
    const auto begins = [word](std::string_view whole) { return whole.starts_with(word); };
    if (end == text_.size() && (begins("true") || begins("false") || begins("null"))) offset_ = end;
    return false;
  }
  offset_ = end;
  return true;
}

// Only brackets and strings matter for where a value ends.
bool Scanner::SkipNested() {
  std::string open;  // the closing brackets that are due
  do {
    if (!StepNested(open)) return false;
  } while (!open.empty());
  return true;
}

bool Scanner::StepNested(std::string& open) {
  constexpr std::size_t kDeepest = 200;  // a report's own values nest two levels deep
  RawString string;
  const int next = Peek();
  if (next == '"') return ReadString(string);
  if (next == '{' || next == '[') {
    if (open.size() == kDeepest) return FailExpecting("at most 200 levels of nesting");
    open += next == '{' ? '}' : ']';
  } else if (next == '}' || next == ']') {
    if (next != open.back()) return FailExpecting("'" + open.substr(open.size() - 1) + "'");
    open.pop_back();
  } else if (next == kEnd) {
    return FailExpecting("'" + open.substr(open.size() - 1) + "'");
  }
  ++offset_;
  return true;
}

bool Scanner::AtReport() {
  if (Peek() != '{') return false;
  std::size_t key = offset_ + 1;
  while (key < text_.size() && IsJsonSpace(text_[key])) ++key;
  const std::string_view rest = text_.substr(key);
  return rest.starts_with("\"context\"") || rest.starts_with("\"benchmarks\"");
}

}  // namespace assay::regression
