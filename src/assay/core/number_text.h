// A number as a person writes it, for messages.
#ifndef ASSAY_CORE_NUMBER_TEXT_H_
#define ASSAY_CORE_NUMBER_TEXT_H_

#include <string>

namespace assay {

// "1.5", "0.001", "1e+30", "nan": at most twelve digits, none of them a zero that says nothing.
std::string NumberText(double value);

}  // namespace assay

#endif  // ASSAY_CORE_NUMBER_TEXT_H_
