#include "assay/core/duration_text.h"

#include <array>
#include <cstdint>

namespace assay {
namespace {

struct Unit {
  std::int64_t nanoseconds;
  const char* name;
};

constexpr std::array<Unit, 4> kUnits{
    {{1'000'000'000, " s"}, {1'000'000, " ms"}, {1'000, " us"}, {1, " ns"}}};

const Unit& LargestUnitIn(std::int64_t nanoseconds) {
  for (const Unit& unit : kUnits) {
    if (nanoseconds >= unit.nanoseconds) return unit;
  }
  return kUnits.back();
}

}  // namespace

std::string DurationText(Duration duration) {
  const Unit& unit = LargestUnitIn(duration.count());
  std::int64_t whole = duration.count() / unit.nanoseconds;
  // The remainder only: a whole duration times 1000 would overflow.
  const std::int64_t rest = duration.count() % unit.nanoseconds;
  std::int64_t thousandths = (rest * 1000 + unit.nanoseconds - 1) / unit.nanoseconds;
  if (thousandths == 1000) {
    ++whole;
    thousandths = 0;
  }
  std::string text = std::to_string(whole);
  if (thousandths != 0) {
    text += '.' + std::to_string(1000 + thousandths).substr(1);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + unit.name;
}

}  // namespace assay
