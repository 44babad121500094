#include "tools/serve/document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tools/serve/one_line.h"

namespace assay::serve {
namespace {

using Json = nlohmann::ordered_json;

// What a person calls the value, with its article.
std::string_view KindOf(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return "true or false";
    case Json::value_t::string: return "a string";
    case Json::value_t::array: return "an array";
    case Json::value_t::object: return "an object";
    default: return "a number";
  }
}

std::string Below(const std::string& pointer, std::string_view key) {
  std::string below = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      below += "~0";
    } else if (c == '/') {
      below += "~1";
    } else {
      below += c;
    }
  }
  return below;
}

// Follows the parser to see keys twice, which the document itself no longer shows.
class DuplicateKeys {
 public:
  using Event = Json::parse_event_t;

  void See(Event event, const Json& parsed) {
    switch (event) {
      case Event::object_start:
      case Event::array_start: open_.push_back({.array = event == Event::array_start}); return;
      case Event::key: SeeKey(parsed.get_ref<const std::string&>()); return;
      case Event::object_end:
      case Event::array_end: open_.pop_back(); break;
      case Event::value: break;
    }
    if (!open_.empty() && open_.back().array) ++open_.back().index;
  }

  // "/rules/0: "rate" is there twice"; empty if there is none.
  const std::string& problem() const { return problem_; }

 private:
  struct Open {
    bool array = false;
    std::size_t index = 0;  // of the value that comes next
    std::string key{};      // of the value that comes next
    std::set<std::string> keys{};
  };

  void SeeKey(const std::string& key) {
    const bool is_new = open_.back().keys.insert(key).second;
    open_.back().key = key;
    if (is_new || !problem_.empty()) return;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const Open& outer = open_[i];
      problem_ = Below(problem_, outer.array ? std::to_string(outer.index) : outer.key);
    }
    problem_ += (problem_.empty() ? "\"" : ": \"") + key + "\" is there twice";
  }

  std::vector<Open> open_;
  std::string problem_;
};

// "3:7: unexpected '}'; expected string literal"
std::string SyntaxProblem(std::string_view text, const Json::parse_error& error) {
  // `byte` counts from 1 and is one past the text when that ended too early.
  const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  // Before that stand the exception's name and the same place in other words.
  constexpr std::string_view kPlace = ": ";
  std::string what = error.what();
  if (const auto place = what.find(kPlace); place != std::string::npos) {
    what.erase(0, place + kPlace.size());
  }
  constexpr std::size_t kLongest = 300;  // it quotes the last token, however long
  if (what.size() > kLongest) what = what.substr(0, kLongest) + "…";
  return std::to_string(line) + ":" + std::to_string(column) + ": " + what;
}

}  // namespace

bool Node::IsNull() const { return value_->is_null(); }
bool Node::IsString() const { return value_->is_string(); }
bool Node::IsObject() const { return value_->is_object(); }

std::optional<bool> Node::Boolean() const {
  if (value_->is_boolean()) return value_->get<bool>();
  RefuseType("true or false");
  return std::nullopt;
}

std::optional<double> Node::Number() const {
  if (value_->is_number()) return value_->get<double>();
  RefuseType("a number");
  return std::nullopt;
}

std::optional<std::uint64_t> Node::Whole(std::uint64_t lowest, std::uint64_t highest) const {
  if (!value_->is_number()) {
    RefuseType("a whole number");
    return std::nullopt;
  }
  if (value_->is_number_unsigned()) {
    const auto number = value_->get<std::uint64_t>();
    if (number >= lowest && number <= highest) return number;
  }
  Refuse(value_->dump() + " is not a whole number between " + std::to_string(lowest) + " and " +
         std::to_string(highest));
  return std::nullopt;
}

std::optional<std::string> Node::String() const {
  if (IsString()) return value_->get<std::string>();
  RefuseType("a string");
  return std::nullopt;
}

std::vector<Node> Node::Items() const {
  std::vector<Node> items;
  if (!value_->is_array()) {
    RefuseType("an array");
    return items;
  }
  for (const Json& item : *value_) {
    items.emplace_back(item, Below(pointer_, std::to_string(items.size())), *problem_);
  }
  return items;
}

std::vector<std::pair<std::string, Node>> Node::Members() const {
  std::vector<std::pair<std::string, Node>> members;
  if (!IsObject()) {
    RefuseType("an object");
    return members;
  }
  for (const auto& [key, value] : value_->items()) {
    members.emplace_back(key, Node(value, Below(pointer_, key), *problem_));
  }
  return members;
}

void Node::Refuse(const std::string& what) const {
  if (problem_->empty()) *problem_ = pointer_ + (pointer_.empty() ? "" : ": ") + what;
}

void Node::RefuseType(std::string_view wanted) const {
  Refuse(std::string("is ").append(KindOf(*value_)).append(", not ").append(wanted));
}

Result<Done> ReadDocument(const std::string& name, std::string_view text,
                          const std::function<void(const Node&)>& read) {
  std::string problem;
  try {
    DuplicateKeys duplicates;
    const Json whole = Json::parse(text, [&](int, Json::parse_event_t event, const Json& parsed) {
      duplicates.See(event, parsed);
      return true;
    });
    problem = duplicates.problem();  // goes before whatever is reported now
    read(Node(whole, "", problem));
  } catch (const Json::parse_error& error) {
    return Error{ErrorCode::kIo, OneLine(name + ":" + SyntaxProblem(text, error))};
  } catch (const Json::out_of_range& error) {  // 1e999
    return Error{ErrorCode::kIo, name + ": " + error.what()};
  }
  if (!problem.empty()) return Error{ErrorCode::kIo, OneLine(name + ": " + problem)};
  return Done{};
}

}  // namespace assay::serve
