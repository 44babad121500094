#include "tools/regression/read/json_string.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace assay::regression {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

void AppendUtf8(std::uint32_t code, std::string& out) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// The XXXX of a \uXXXX at the front of `text`.
std::optional<std::uint32_t> CodeUnit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* const end = text.data() + 6;
  const auto [stopped, error] = std::from_chars(text.data() + 2, end, unit, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return unit;
}

bool IsHigh(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLow(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Appends the character whose \uXXXX stands at the front; how many bytes it took,
// 0 when it is none.
std::size_t AppendCodeUnits(std::string_view text, std::string& out) {
  const std::optional<std::uint32_t> unit = CodeUnit(text);
  if (!unit) return 0;
  if (!IsHigh(*unit)) {
    AppendUtf8(IsLow(*unit) ? kReplacement : *unit, out);
    return 6;
  }
  const std::optional<std::uint32_t> low = CodeUnit(text.substr(6));
  if (!low || !IsLow(*low)) {
    AppendUtf8(kReplacement, out);
    return 6;
  }
  AppendUtf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
  return 12;
}

std::optional<char> SimpleEscape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return std::nullopt;
  }
}

// Appends the escape at the front of `text`; how many bytes of it are done with.
std::size_t AppendEscape(std::string_view text, std::string& out) {
  if (text.size() >= 2) {
    if (const std::optional<char> plain = SimpleEscape(text[1])) {
      out += *plain;
      return 2;
    }
    if (const std::size_t taken = AppendCodeUnits(text, out); taken > 0) return taken;
  }
  out += '\\';
  return 1;
}

}  // namespace

std::string DecodeString(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const std::size_t plain = std::min(raw.find('\\'), raw.size());
    out.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (!raw.empty()) raw.remove_prefix(AppendEscape(raw, out));
  }
  return out;
}

std::string Quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "'";
  for (const char c : text.substr(0, kLongest)) {
    if (c >= ' ' && c <= '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xF];
  }
  return out + (text.size() > kLongest ? "…'" : "'");
}

}  // namespace assay::regression
