// A JSON text, looked at strictly: whatever is not as the reader wants it is reported with
// its place, and the first report wins.
//
// Readers go on after a report, with what they had before, so they need no error handling
// of their own. Not thread-safe; a Node lives no longer than the call of ReadDocument().
#ifndef ASSAY_TOOLS_SERVE_DOCUMENT_H_
#define ASSAY_TOOLS_SERVE_DOCUMENT_H_

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/core/result.h"

namespace assay::serve {

// A value and its JSON pointer (RFC 6901): "/rules/0/name", "" for the whole document.
class Node {
 public:
  // `problem` gets the first report: "/rules/0/name: is a number, not a string".
  Node(const nlohmann::ordered_json& value, std::string pointer, std::string& problem)
      : value_(&value), pointer_(std::move(pointer)), problem_(&problem) {}

  bool IsNull() const;
  bool IsString() const;
  bool IsObject() const;

  // Each is nothing, or empty, after reporting that the value is something else.
  std::optional<bool> Boolean() const;
  std::optional<double> Number() const;
  std::optional<std::uint64_t> Whole(std::uint64_t lowest, std::uint64_t highest) const;
  std::optional<std::string> String() const;
  std::vector<Node> Items() const;                            // of an array
  std::vector<std::pair<std::string, Node>> Members() const;  // of an object, as written

  void Refuse(const std::string& what) const;
  // 'is a number, not WANTED'
  void RefuseType(std::string_view wanted) const;

 private:
  const nlohmann::ordered_json* value_;
  std::string pointer_;
  std::string* problem_;
};

// Calls `read` with the whole of `text`. kIo with one line that begins with `name`:
// "faults.json:3:7: ..." for what is no JSON, "faults.json: /rules/0: ..." for a key that is
// there twice and for what `read` has reported.
Result<Done> ReadDocument(const std::string& name, std::string_view text,
                          const std::function<void(const Node&)>& read);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_DOCUMENT_H_
