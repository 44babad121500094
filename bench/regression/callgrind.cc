#include "bench/regression/callgrind.h"

#include <charconv>

namespace assay::regression {

std::optional<std::uint64_t> CallgrindTotal(std::string_view dump) {
  constexpr std::string_view kKey = "\ntotals: ";
  const std::size_t at = dump.rfind(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  dump.remove_prefix(at + kKey.size());
  std::uint64_t total = 0;
  const auto result = std::from_chars(dump.data(), dump.data() + dump.size(), total);
  if (result.ec != std::errc()) return std::nullopt;
  return total;
}

std::optional<double> InstructionRise(const InstructionCounts& counts) {
  if (counts.base_twice <= counts.base_once || counts.head_twice <= counts.head_once) {
    return std::nullopt;
  }
  return static_cast<double>(counts.head_twice - counts.head_once) /
             static_cast<double>(counts.base_twice - counts.base_once) -
         1;
}

}  // namespace assay::regression
