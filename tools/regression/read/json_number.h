// Numbers as reports have them, which is more than JSON allows.
//
// Besides JSON's own: NaN, Infinity and inf in any case, with a minus or without;
// and what a program's locale makes of numbers before Google Benchmark 1.9.5:
// integers with digit grouping (1,234  1'234  1 234  12,34,567  1.234.567) and a
// decimal comma (5,78e+01). "1.234" is a fraction here; see DotGrouped().
#ifndef ASSAY_TOOLS_REGRESSION_READ_JSON_NUMBER_H_
#define ASSAY_TOOLS_REGRESSION_READ_JSON_NUMBER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::regression {

struct Number {
  double value = 0;          // beyond the range of a double: an infinity or zero
  std::int64_t integer = 0;  // `value` as an integer, the nearest there is; of NaN: 0
  std::size_t length = 0;    // bytes of the text it took
  bool localised = false;    // grouped, or with a decimal comma
  bool whole = false;        // written without fraction and exponent
};

// The number at the front of `text`, which must be the value of an object's member:
// only there a comma before a digit cannot be a separator, as a key would follow.
std::optional<Number> ReadNumber(std::string_view text);

// "1.234" of a member that is known to be an integer: a point that groups digits.
std::optional<std::int64_t> DotGrouped(std::string_view text);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_JSON_NUMBER_H_
