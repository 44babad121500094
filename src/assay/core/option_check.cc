#include "assay/core/option_check.h"

#include "assay/core/number_text.h"

namespace assay {

std::string OptionCheck::Complaint(const char* option, const std::string& value,
                                   const std::string& why) const {
  return std::string(whose_) + " " + option + ": " + value + " " + why;
}

std::string OptionCheck::Text(double number) { return NumberText(number); }

}  // namespace assay
