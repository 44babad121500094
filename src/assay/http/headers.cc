#include "assay/http/headers.h"

#include <algorithm>

namespace assay {
namespace {

constexpr char ToLower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool EqualIgnoringCase(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}

Headers::Headers(std::initializer_list<Field> fields) {
  for (const Field& field : fields) Add(field.name, field.value);
}

void Headers::Add(std::string_view name, std::string_view value) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  const auto name_bytes = static_cast<std::uint32_t>(name.size());
  spans_.push_back({at, name_bytes, at + name_bytes, static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

void Headers::AddLine(std::string_view line, std::size_t name_bytes, std::size_t value_at) {
  const auto at = static_cast<std::uint32_t>(text_.size());
  spans_.push_back({at, static_cast<std::uint32_t>(name_bytes),
                    at + static_cast<std::uint32_t>(value_at),
                    static_cast<std::uint32_t>(line.size() - value_at)});
  text_.append(line);
}

std::optional<std::string_view> Headers::Get(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < size(); ++i) {
    const Field field = (*this)[i];
    if (EqualIgnoringCase(field.name, name)) return field.value;
  }
  return std::nullopt;
}

Headers::Field Headers::operator[](std::size_t index) const noexcept {
  const Span& span = spans_[index];
  const std::string_view text = text_;
  return {text.substr(span.name_at, span.name_bytes), text.substr(span.value_at, span.value_bytes)};
}

void Headers::Clear() noexcept {
  text_.clear();
  spans_.clear();
}

}  // namespace assay
