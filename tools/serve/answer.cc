#include "tools/serve/answer.h"

#include <array>

#include "tools/serve/fields.h"

namespace assay::serve {
namespace {

// In the order of MessageForm.
constexpr std::array<std::string_view, 10> kForms{
    "length",          "chunked",          "until_close", "nothing",    "half_head",
    "length_too_long", "length_too_short", "bad_chunk",   "half_chunk", "garbage"};

using Headers = std::vector<std::pair<std::string, std::string>>;

void Read(const Node& node, Headers& into) {
  std::vector<fixture::HeaderMatch> fields;
  Read(node, fields);
  into.clear();
  for (fixture::HeaderMatch& field : fields) {
    if (!field.value) return node.Refuse("\"" + field.name + "\" has no value");
    into.emplace_back(std::move(field.name), std::move(*field.value));
  }
}

}  // namespace

void Read(const Node& node, std::vector<fixture::HeaderMatch>& into) {
  into.clear();
  if (node.IsObject()) {
    for (const auto& [name, value] : node.Members()) {
      into.push_back({.name = name});
      Read(value, into.back().value);
    }
    return;
  }
  for (const Node& item : node.Items()) {
    fixture::HeaderMatch& field = into.emplace_back();
    Fields(item).Needed("name", field.name).Field("value", field.value).Done();
  }
}

void Read(const Node& node, fixture::CannedAnswer& into) {
  Fields fields(node);
  fields.Field("status", into.status, 100, 999);
  if (const Node* const member = fields.Accept("headers")) Read(*member, into.headers);
  fields.Field("body", into.body);
  if (const Node* const member = fields.Accept("form")) ReadName(*member, into.form, kForms);
  fields.Done();
}

}  // namespace assay::serve
