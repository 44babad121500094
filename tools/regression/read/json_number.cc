#include "tools/regression/read/json_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace assay::regression {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

char At(std::string_view text, std::size_t index) {
  return index < text.size() ? text[index] : '\0';
}

std::int64_t Nearest(double value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63, the first that does not fit
  if (std::isnan(value)) return 0;
  if (value >= kLimit) return std::numeric_limits<std::int64_t>::max();
  if (value < -kLimit) return std::numeric_limits<std::int64_t>::min();
  return std::llround(value);
}

// std::from_chars says "out of range" for both ends; the exponent's sign tells which.
double BeyondRange(std::string_view token) {
  const bool negative = At(token, 0) == '-';
  const bool tiny = token.find("e-") != std::string_view::npos ||
                    token.find("E-") != std::string_view::npos ||
                    token.substr(negative ? 1 : 0).starts_with("0.");
  const double size = tiny ? 0.0 : std::numeric_limits<double>::infinity();
  return negative ? -size : size;
}

std::optional<Number> ReadFraction(std::string_view text) {
  Number number;
  const char* const begin = text.data();
  const auto [stopped, error] = std::from_chars(begin, begin + text.size(), number.value);
  if (error == std::errc::invalid_argument) return std::nullopt;
  number.length = static_cast<std::size_t>(stopped - begin);
  if (error != std::errc()) number.value = BeyondRange(text.substr(0, number.length));
  number.integer = Nearest(number.value);
  return number;
}

// Whether a digit follows a separator at `index`, as it only does in a localised number.
bool GoesOn(std::string_view text, std::size_t index) {
  const char c = At(text, index);
  return (c == ',' || c == '\'' || c == ' ' || c == '.') && IsDigit(At(text, index + 1));
}

// Where digits and the separators between them end.
std::size_t EndOfDigits(std::string_view text, std::size_t index) {
  while (IsDigit(At(text, index)) || GoesOn(text, index)) ++index;
  return index;
}

// Groups of three, with a shorter first one; or, as in India, of two before the last.
bool IsGrouped(std::string_view digits, char separator) {
  std::size_t groups = 1;
  std::size_t length = 0;
  for (const char c : digits) {
    if (c != separator && !IsDigit(c)) return false;
    if (c == separator && (length < (groups == 1 ? 1U : 2U) || length > 3)) return false;
    if (c == separator) ++groups;
    length = c == separator ? 0 : length + 1;
  }
  return groups > 1 && length == 3;
}

// Reads `token` again as JSON has it.
std::optional<Number> Again(const std::string& plain, std::size_t length) {
  std::optional<Number> number = ReadNumber(plain);
  if (!number || number->length != plain.size()) return std::nullopt;
  number->length = length;
  number->localised = true;
  return number;
}

std::optional<Number> ReadLocalised(std::string_view text) {
  const std::size_t begin = At(text, 0) == '-' ? 1 : 0;
  const std::size_t end = EndOfDigits(text, begin);
  const std::string_view digits = text.substr(begin, end - begin);
  const char separator = At(digits, std::min(digits.find_first_of(",' ."), digits.size()));
  const bool exponent = At(text, end) == 'e' || At(text, end) == 'E';
  if (!exponent && IsGrouped(digits, separator)) {
    std::string plain(text.substr(0, end));
    std::erase(plain, separator);
    return Again(plain, end);
  }
  // One comma is the decimal one. ReadFraction() finds where an exponent ends.
  if (std::count(digits.begin(), digits.end(), ',') != 1) return std::nullopt;
  std::string plain(text.substr(0, end + (exponent ? 24 : 0)));
  std::replace(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(end), ',', '.');
  const std::optional<Number> number = ReadFraction(plain);
  if (!number) return std::nullopt;
  plain.resize(number->length);
  return Again(plain, number->length);
}

}  // namespace

std::optional<Number> ReadNumber(std::string_view text) {
  Number whole;
  const char* const begin = text.data();
  const auto [stopped, error] = std::from_chars(begin, begin + text.size(), whole.integer);
  whole.length = static_cast<std::size_t>(stopped - begin);
  const char next = At(text, whole.length);
  const bool ended = next != '.' && next != 'e' && next != 'E' && !GoesOn(text, whole.length);
  if (error == std::errc() && ended) {
    whole.value = static_cast<double>(whole.integer);
    whole.whole = true;
    return whole;
  }
  const std::optional<Number> fraction = ReadFraction(text);
  if (fraction && GoesOn(text, fraction->length)) return ReadLocalised(text);
  return fraction;
}

std::optional<std::int64_t> DotGrouped(std::string_view text) {
  if (!IsGrouped(text.substr(text.starts_with('-') ? 1 : 0), '.')) return std::nullopt;
  std::string plain(text);
  std::erase(plain, '.');
  const std::optional<Number> number = ReadNumber(plain);
  if (!number || number->length != plain.size()) return std::nullopt;
  return number->integer;
}

}  // namespace assay::regression
