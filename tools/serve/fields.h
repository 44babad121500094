// The keys of a JSON object, each named once: what is read is also what is accepted.
//
//   void Read(const Node& node, Window& window) {
//     Fields(node).Field("from", window.from).Field("until", window.until).Done();
//   }
//
// Values are read by overloads of Read(), found by their first argument. A value that is
// refused leaves `into` as it was.
#ifndef ASSAY_TOOLS_SERVE_FIELDS_H_
#define ASSAY_TOOLS_SERVE_FIELDS_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/clock.h"
#include "tools/serve/document.h"

namespace assay::serve {

void Read(const Node& node, bool& into);
void Read(const Node& node, double& into);
void Read(const Node& node, std::string& into);
void Read(const Node& node, Duration& into);  // "5ms"

// Whole numbers from `lowest` to `highest`, neither of them negative.
template <class T>
requires std::is_integral_v<T>
void Read(const Node& node, T& into, std::type_identity_t<T> lowest = 0,
          std::type_identity_t<T> highest = std::numeric_limits<T>::max()) {
  const auto number =
      node.Whole(static_cast<std::uint64_t>(lowest), static_cast<std::uint64_t>(highest));
  if (number) into = static_cast<T>(*number);
}

// null is none.
template <class T>
void Read(const Node& node, std::optional<T>& into) {
  if (node.IsNull()) return into.reset();
  Read(node, into.emplace());
}

template <class T>
void Read(const Node& node, std::vector<T>& into) {
  into.clear();
  for (const Node& item : node.Items()) Read(item, into.emplace_back());
}

// The position of the node's string in `names`; nothing after reporting that it is none.
std::optional<std::size_t> IndexIn(const Node& node, std::span<const std::string_view> names);

// An enumerator by its name: `names` are in the order of the enumerators, from 0.
template <class T>
void ReadName(const Node& node, T& into, std::span<const std::string_view> names) {
  if (const auto index = IndexIn(node, names)) into = static_cast<T>(*index);
}

class Fields {
 public:
  explicit Fields(const Node& node) : node_(node), members_(node.Members()) {}

  template <class T, class... Range>
  Fields& Field(std::string_view name, T& into, Range... range) {
    if (const Node* member = Accept(name)) Read(*member, into, range...);
    return *this;
  }

  // Like Field(); not being there is reported.
  template <class T>
  Fields& Needed(std::string_view name, T& into) {
    const Node* member = Accept(name);
    if (member != nullptr) {
      Read(*member, into);
    } else if (missing_.empty()) {
      missing_ = name;
    }
    return *this;
  }

  // For what Read() alone cannot read: the value of that key, null if it is not there.
  const Node* Accept(std::string_view name);

  // Reports keys that nobody asked for: '"rat" is not one of name, rate, every, answer'.
  void Done() const;

 private:
  const Node& node_;
  std::vector<std::pair<std::string, Node>> members_;
  std::vector<std::string_view> accepted_;
  std::string_view missing_;
};

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_FIELDS_H_
