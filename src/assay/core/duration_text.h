// A duration as a person writes it, for messages.
#ifndef ASSAY_CORE_DURATION_TEXT_H_
#define ASSAY_CORE_DURATION_TEXT_H_

#include <string>

#include "assay/core/clock.h"

namespace assay {

// "250 ms", "59.998 s", "0 ns": in the largest unit (s, ms, us, ns) that leaves a
// whole part, with up to three decimals and rounded up, so that waiting as long
// as the text says is never too short. `duration` must not be negative.
std::string DurationText(Duration duration);

}  // namespace assay

#endif  // ASSAY_CORE_DURATION_TEXT_H_
