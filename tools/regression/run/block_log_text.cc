#include "tools/regression/run/block_log_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace assay::regression {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < ' ') {
      quoted += "\\u00";
      quoted += kHexDigits[code >> 4];
      quoted += kHexDigits[code & 15];
      continue;
    }
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + '"';
}

// The shortest text that reads back as the same number.
template <class Number>
std::string RoundTripText(Number number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

std::string HexText(std::uint64_t number) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; number >>= 4) text[i] = kHexDigits[number & 15];
  return text;
}

std::string ListText(const std::vector<std::string>& words) {
  std::string text = "[";
  for (const std::string& word : words) {
    if (text.back() != '[') text += ',';
    text += Quoted(word);
  }
  return text + ']';
}

std::string ProgramText(const LoggedProgram& program) {
  return "{\"path\":" + Quoted(program.path) + ",\"arguments\":" + ListText(program.arguments) +
         ",\"hash\":\"" + HexText(program.hash) + "\"}";
}

std::string ValuesText(const LaunchValues& values) {
  std::string text = "[";
  for (const double value : values) {
    if (text.back() != '[') text += ',';
    text += std::isfinite(value) ? RoundTripText(value) : "null";
  }
  return text + ']';
}

std::string MetricsText(const BlockMetrics& benchmarks) {
  std::string text = "{";
  for (const auto& [name, metrics] : benchmarks) {
    if (text.back() != '{') text += ',';
    text += Quoted(name) + ":{";
    for (const auto& [metric, values] : metrics) {
      if (text.back() != '{') text += ',';
      text += Quoted(metric) + ':' + ValuesText(values);
    }
    text += '}';
  }
  return text + '}';
}

// Takes a line apart from the front; after the first surprise nothing succeeds.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  bool Take(std::string_view literal) {
    if (!good_ || !rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  LineReader& Expect(std::string_view literal) {
    good_ = Take(literal);
    return *this;
  }

  template <class Number, class... Base>
  LineReader& Read(Number& number, Base... base) {
    const char* const end = rest_.data() + rest_.size();
    const auto result = std::from_chars(rest_.data(), end, number, base...);
    good_ = good_ && result.ec == std::errc();
    if (good_) rest_.remove_prefix(static_cast<std::size_t>(result.ptr - rest_.data()));
    return *this;
  }

  LineReader& Read(std::string& text) {
    Expect("\"");
    while (good_ && !Take("\"")) {
      unsigned int code = 0;
      if (rest_.empty()) {
        good_ = false;
      } else if (Take("\\u00")) {
        std::string_view digits = rest_.substr(0, 2);
        const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        good_ = digits.size() == 2 && result.ptr == digits.data() + 2;
        if (good_) rest_.remove_prefix(2);
        text += static_cast<char>(code);
      } else {
        Take("\\");
        if (!rest_.empty()) text += rest_.front();
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
      }
    }
    return *this;
  }

  LineReader& Read(std::vector<std::string>& words) {
    words.clear();
    Expect("[");
    while (good_ && !Take("]")) {
      if (!words.empty()) Expect(",");
      Read(words.emplace_back());
    }
    return *this;
  }

  LineReader& Read(LoggedProgram& program) {
    Expect("{\"path\":").Read(program.path).Expect(",\"arguments\":").Read(program.arguments);
    return Expect(",\"hash\":\"").Read(program.hash, 16).Expect("\"}");
  }

  LineReader& Read(LaunchValues& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      Expect(i == 0 ? "[" : ",");
      values[i] = std::numeric_limits<double>::quiet_NaN();
      if (Take("null")) continue;
      Read(values[i]);
      good_ = good_ && std::isfinite(values[i]);  // from_chars takes "inf" and "nan"
    }
    return Expect("]");
  }

  // An object: `read` takes the value of each key.
  template <class ReadValue>
  LineReader& ReadObject(ReadValue read) {
    Expect("{");
    for (bool first = true; good_ && !Take("}"); first = false) {
      std::string key;
      Expect(first ? "" : ",").Read(key).Expect(":");
      if (good_) read(key);
    }
    return *this;
  }

  LineReader& Read(BlockMetrics& benchmarks) {
    return ReadObject([&](const std::string& name) {
      auto& metrics = benchmarks[name];
      ReadObject([&](const std::string& metric) { Read(metrics[metric]); });
    });
  }

  bool good() const { return good_; }
  bool AtEnd() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string HeaderLine(const BlockLogHeader& header) {
  return std::string(kBlockLogStart) + "2,\"seed\":\"" + RoundTripText(header.seed) +
         "\",\"min_time_s\":" + RoundTripText(header.min_time_s) +
         ",\"repetitions\":" + RoundTripText(header.repetitions) +
         ",\"cpu\":" + (header.cpu.has_value() ? RoundTripText(*header.cpu) : "null") +
         ",\"filter\":" + Quoted(header.filter) +
         ",\"medians\":" + ListText(header.metrics.medians) +
         ",\"counts\":" + ListText(header.metrics.counts) +
         ",\"base\":" + ProgramText(header.base) + ",\"head\":" + ProgramText(header.head) + "}\n";
}

std::optional<BlockLogHeader> ParseHeaderLine(std::string_view line) {
  BlockLogHeader header;
  LineReader reader(line);
  reader.Expect(kBlockLogStart).Expect("2,\"seed\":\"").Read(header.seed);
  reader.Expect("\",\"min_time_s\":").Read(header.min_time_s);
  reader.Expect(",\"repetitions\":").Read(header.repetitions).Expect(",\"cpu\":");
  if (!reader.Take("null")) reader.Read(header.cpu.emplace());
  reader.Expect(",\"filter\":").Read(header.filter);
  reader.Expect(",\"medians\":").Read(header.metrics.medians);
  reader.Expect(",\"counts\":").Read(header.metrics.counts);
  reader.Expect(",\"base\":").Read(header.base);
  reader.Expect(",\"head\":").Read(header.head).Expect("}");
  if (!reader.AtEnd()) return std::nullopt;
  return header;
}

std::string BlockLine(const Block& block) {
  std::string line = "{\"block\":" + RoundTripText(block.number) + ",\"order\":\"";
  line += ToString(block.order);
  line += "\",\"elapsed_ns\":" + RoundTripText(block.elapsed.count());
  line += ",\"medians\":" + MetricsText(block.medians);
  line += ",\"counts\":" + MetricsText(block.counts) + ",\"not_comparable\":{";
  for (const auto& [name, message] : block.not_comparable) {
    if (line.back() != '{') line += ',';
    line += Quoted(name) + ':' + Quoted(message);
  }
  return line + "}}\n";
}

std::optional<Block> ParseBlockLine(std::string_view line) {
  Block block;
  std::int64_t elapsed = 0;
  LineReader reader(line);
  reader.Expect("{\"block\":").Read(block.number).Expect(",\"order\":\"");
  const bool baab = reader.Take("BAAB");
  if (!baab) reader.Expect("ABBA");
  block.order = baab ? BlockOrder::kBaab : BlockOrder::kAbba;
  reader.Expect("\",\"elapsed_ns\":").Read(elapsed);
  block.elapsed = Duration(elapsed);
  reader.Expect(",\"medians\":").Read(block.medians);
  reader.Expect(",\"counts\":").Read(block.counts);
  reader.Expect(",\"not_comparable\":").ReadObject([&](const std::string& name) {
    reader.Read(block.not_comparable[name]);
  });
  reader.Expect("}");
  if (!reader.AtEnd()) return std::nullopt;
  return block;
}

}  // namespace assay::regression
