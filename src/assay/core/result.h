// A value or the Error that took its place.
//
// The subset of std::expected (C++23) that the suite uses, until the compilers
// of its platform have it. Asking for the side that is not there throws
// std::bad_variant_access: a programming error, never a silent default.
#ifndef ASSAY_CORE_RESULT_H_
#define ASSAY_CORE_RESULT_H_

#include <utility>
#include <variant>

#include "assay/core/error.h"

namespace assay {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // No result yet, which is an error. For frameworks that make one before they have one, as
  // boost::asio::co_spawn() does, beside an exception: with use_future, or a callback.
  explicit Result()
      : state_(std::in_place_index<1>, Error{ErrorCode::kCancelled, "no result yet"}) {}
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

// What an operation without a value returns: Done{} or an Error.
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};

}  // namespace assay

#endif  // ASSAY_CORE_RESULT_H_
