#include "assay/core/number_text.h"

#include <cstdio>

namespace assay {

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.12g", value);
  return text;
}

}  // namespace assay
