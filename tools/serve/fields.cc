#include "tools/serve/fields.h"

#include <algorithm>

#include "tools/serve/duration.h"

namespace assay::serve {
namespace {

std::string NotOneOf(const std::string& word, std::span<const std::string_view> accepted) {
  std::string text = "\"" + word + "\" is not one of ";
  for (const std::string_view name : accepted) {
    text.append(name).append(name.data() == accepted.back().data() ? "" : ", ");
  }
  return text;
}

}  // namespace

void Read(const Node& node, bool& into) { into = node.Boolean().value_or(into); }

void Read(const Node& node, double& into) { into = node.Number().value_or(into); }

void Read(const Node& node, std::string& into) {
  if (auto text = node.String()) into = std::move(*text);
}

void Read(const Node& node, Duration& into) {
  if (!node.IsString()) return node.RefuseType(kDurationForm);
  const std::string text = *node.String();
  const auto duration = ParseDuration(text);
  if (!duration) return node.Refuse("\"" + text + "\" is not " + std::string(kDurationForm));
  into = *duration;
}

std::optional<std::size_t> IndexIn(const Node& node, std::span<const std::string_view> names) {
  const auto word = node.String();
  if (!word) return std::nullopt;
  const auto found = std::ranges::find(names, *word);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  node.Refuse(NotOneOf(*word, names));
  return std::nullopt;
}

const Node* Fields::Accept(std::string_view name) {
  accepted_.push_back(name);
  const auto found = std::ranges::find(
      members_, name, [](const auto& member) -> std::string_view { return member.first; });
  return found == members_.end() ? nullptr : &found->second;
}

void Fields::Done() const {
  for (const auto& [name, member] : members_) {
    if (std::ranges::find(accepted_, name) == accepted_.end()) {
      node_.Refuse(NotOneOf(name, accepted_));
    }
  }
  if (!missing_.empty()) node_.Refuse("\"" + std::string(missing_) + "\" is missing");
}

}  // namespace assay::serve
