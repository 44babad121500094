#include "tools/regression/read/reader.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "tools/regression/read/document_reader.h"
#include "tools/regression/read/notes.h"
#include "tools/regression/read/places.h"
#include "tools/regression/read/scanner.h"

namespace assay::regression {
namespace {

constexpr std::string_view kAccepted =
    " (accepted is what Google Benchmark writes with --benchmark_out or --benchmark_format=json)";
constexpr std::string_view kSpace = " \t\r\n";

// The documents of one text.
class Reports {
 public:
  Reports(const std::string& path, std::string_view text)
      : path_(path), text_(text), places_(text) {}

  Result<std::vector<Document>> Read();

 private:
  std::optional<Error> RefuseEncoding() const;
  std::optional<std::size_t> FindReport(std::size_t from) const;
  // false when `fault_` is final.
  bool ReadOne(std::size_t begin);
  void Finish(Document document, Notes notes, std::size_t begin);
  bool IsLeftover(std::size_t end) const;
  void NoteLeftover(std::size_t end);
  void NumberDocuments();
  Error ErrorOf(const Fault& fault) { return ErrorAt(fault.offset, fault.what); }
  Error ErrorAt(std::size_t offset, const std::string& what);

  const std::string& path_;
  std::string_view text_;
  Places places_;
  std::vector<Document> documents_;
  std::optional<Fault> fault_;  // of the first object that was no report
  std::size_t read_ = 0;        // up to here the text is in a document
  std::size_t next_ = 0;        // from here on another one is looked for
};

Result<std::vector<Document>> Reports::Read() {
  if (std::optional<Error> error = RefuseEncoding()) return *std::move(error);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) read_ = next_ = kByteOrderMark.size();
  const std::size_t first = text_.find_first_not_of(kSpace, next_);
  if (first == std::string_view::npos) {
    return ErrorAt(0, "empty; a filter that matches nothing leaves such a file");
  }
  while (const std::optional<std::size_t> begin = FindReport(next_)) {
    if (!ReadOne(*begin)) return ErrorOf(*fault_);
  }
  if (documents_.empty()) {
    if (fault_) return ErrorOf(*fault_);
    Scanner scanner(text_, first);
    scanner.FailExpecting("a report's '{'");
    return ErrorOf(scanner.fault());
  }
  NoteLeftover(text_.size());
  NumberDocuments();
  return std::move(documents_);
}

std::optional<Error> Reports::RefuseEncoding() const {
  if (!text_.starts_with("\xFF\xFE") && !text_.starts_with("\xFE\xFF")) return std::nullopt;
  return Error{ErrorCode::kIo, path_ +
                                   ":1:1: UTF-16, as PowerShell's > writes it; accepted is UTF-8"
                                   " (use --benchmark_out)"};
}

// An object that follows at once, else the next one that begins as reports do. Before
// the first report any object will do, as a report's keys may stand in any order.
std::optional<std::size_t> Reports::FindReport(std::size_t from) const {
  const std::size_t next = text_.find_first_not_of(kSpace, from);
  if (next == std::string_view::npos) return std::nullopt;
  if (text_[next] == '{' && !fault_) return next;
  std::optional<std::size_t> object;
  for (std::size_t brace = text_.find('{', next); brace != std::string_view::npos;
       brace = text_.find('{', brace + 1)) {
    if (Scanner(text_, brace).AtReport()) return brace;
    const std::size_t inside = text_.find_first_not_of(kSpace, brace + 1);
    if (!object && inside != std::string_view::npos && text_[inside] == '"') object = brace;
  }
  return documents_.empty() && !fault_ ? object : std::nullopt;
}

bool Reports::ReadOne(std::size_t begin) {
  Document document;
  Notes notes;
  Scanner scanner(text_, begin);
  const bool read = ReadDocument(scanner, notes, document);
  const bool whole = read && !document.truncated;
  next_ = whole ? scanner.offset() : std::max(scanner.resume_offset(), begin + 1);
  if (read) {
    Finish(std::move(document), std::move(notes), begin);
    read_ = next_;
    return true;
  }
  if (!fault_ || scanner.fault().kind == Fault::Kind::kMeaning) fault_ = scanner.fault();
  return fault_->kind != Fault::Kind::kMeaning;
}

void Reports::Finish(Document document, Notes notes, std::size_t begin) {
  if (documents_.empty() && IsLeftover(begin)) notes.Add(read_, "skipped text before the report");
  NoteLeftover(begin);
  document.path = path_;
  document.notes = notes.Render(places_);
  documents_.push_back(std::move(document));
}

// Whether something stands between the last document and `end`.
bool Reports::IsLeftover(std::size_t end) const {
  return text_.substr(0, end).find_first_not_of(kSpace, read_) != std::string_view::npos;
}

// A document that ended early has said so already.
void Reports::NoteLeftover(std::size_t end) {
  if (documents_.empty() || documents_.back().truncated || !IsLeftover(end)) return;
  const std::size_t begin = text_.find_first_not_of(kSpace, read_);
  documents_.back().notes.push_back(places_.Of(begin) + ": ignored text after the report");
}

// Each is a process of its own, never a repetition of the one before.
void Reports::NumberDocuments() {
  if (documents_.size() < 2) return;
  const std::string of_all = " of " + std::to_string(documents_.size()) + " in this file";
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    std::vector<std::string>& notes = documents_[i].notes;
    notes.insert(notes.begin(), "report " + std::to_string(i + 1) + of_all);
  }
}

Error Reports::ErrorAt(std::size_t offset, const std::string& what) {
  return Error{ErrorCode::kIo,
               path_ + ":" + places_.Of(offset) + ": " + what + std::string(kAccepted)};
}

}  // namespace

Result<std::vector<Document>> ParseReports(const std::string& path, std::string_view text) {
  return Reports(path, text).Read();
}

}  // namespace assay::regression
