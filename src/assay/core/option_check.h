// Options out of their range are refused when something is made of them, with one text for all:
// "<whose> <option>: <value> is not within <least> to <most>".
//
//   constexpr OptionCheck kOptions("circuit breaker");
//   kOptions.Within("open_jitter", options.open_jitter, 0, 1);
//
// All checks throw std::invalid_argument and give back what they accept. NaN is in no range.
#ifndef ASSAY_CORE_OPTION_CHECK_H_
#define ASSAY_CORE_OPTION_CHECK_H_

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "assay/core/clock.h"
#include "assay/core/duration_text.h"

namespace assay {

class OptionCheck {
 public:
  explicit constexpr OptionCheck(const char* whose) noexcept : whose_(whose) {}

  // `value` is an integer, a double or a Duration.
  template <class T>
  T Within(const char* option, T value, std::type_identity_t<T> least,
           std::type_identity_t<T> most) const {
    if (value >= least && value <= most) return value;
    throw std::invalid_argument(NotWithin(option, value, least, most));
  }

  Duration Above0(const char* option, Duration value) const {
    if (value <= Duration::zero()) Refuse(option, value, "is not above 0");
    return value;
  }
  Duration NotBelow0(const char* option, Duration value) const {
    if (value < Duration::zero()) Refuse(option, value, "is below 0");
    return value;
  }

  // For what is no range: "<whose> <option>: <value> <why>". `value` may be a text, too.
  template <class T>
  [[noreturn]] void Refuse(const char* option, const T& value, const std::string& why) const {
    throw std::invalid_argument(Complaint(option, Text(value), why));
  }

  // The text, for an Error.
  template <class T>
  std::string NotWithin(const char* option, T value, std::type_identity_t<T> least,
                        std::type_identity_t<T> most) const {
    return Complaint(option, Text(value), "is not within " + End(least) + " to " + End(most));
  }

 private:
  std::string Complaint(const char* option, const std::string& value, const std::string& why) const;

  static std::string Text(std::string_view text) { return std::string(text); }
  static std::string Text(std::integral auto number) { return std::to_string(number); }
  static std::string Text(double number);
  static std::string Text(Duration duration) { return Text(duration.count()) + " ns"; }

  template <class T>
  static std::string End(T value) {
    return Text(value);
  }
  static std::string End(Duration value) { return DurationText(value); }

  const char* whose_;
};

}  // namespace assay

#endif  // ASSAY_CORE_OPTION_CHECK_H_
