#ifndef TESTS_PATTERNS_INVALID_ARGUMENT_H_
#define TESTS_PATTERNS_INVALID_ARGUMENT_H_

#include <stdexcept>
#include <string>

namespace assay {

// What `construct` complains about, "" when it is content.
template <class F>
std::string InvalidArgumentOf(F construct) {
  try {
    construct();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

}  // namespace assay

#endif  // TESTS_PATTERNS_INVALID_ARGUMENT_H_
