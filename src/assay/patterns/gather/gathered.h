// What gatherings share, on threads and in coroutines: the order of what has come, its memory, and
// the limit that is refused. Not locked.
#ifndef ASSAY_PATTERNS_GATHER_GATHERED_H_
#define ASSAY_PATTERNS_GATHER_GATHERED_H_

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "assay/core/error.h"
#include "assay/core/result.h"

namespace assay {

// How many outcomes to have memory for at once: as many as there are inputs, where that is known,
// and not more than 1024, since most may never come when one fails.
template <class Inputs>
std::size_t ExpectedOutcomes(const Inputs& inputs) {
  if constexpr (std::ranges::sized_range<const Inputs>) {
    // std::views::iota counts long long by 128 bits.
    return std::min(static_cast<std::size_t>(std::ranges::size(inputs)), std::size_t{1024});
  } else {
    return 0;
  }
}

// Comes in any order, from 0 without gaps, and leaves in the order of the indices.
template <class T>
class InOrder {
 public:
  explicit InOrder(std::size_t expected) : expected_(expected) {}

  void Keep(std::size_t index, T value) {
    if (values_.empty()) values_.reserve(expected_);
    if (values_.size() <= index) values_.resize(index + 1);
    values_[index] = std::move(value);
  }

  std::vector<T> TakeAll() {
    if constexpr (kInPlace) {
      return std::move(values_);
    } else {
      std::vector<T> all;
      all.reserve(values_.size());
      for (auto& value : values_) all.push_back(*std::move(value));
      return all;
    }
  }

 private:
  // What can be empty waits for its value where it will be, and the answer is all memory there is.
  static constexpr bool kInPlace = std::is_default_constructible_v<T>;
  std::vector<std::conditional_t<kInPlace, T, std::optional<T>>> values_{};
  std::size_t expected_;  // memory for so many is taken when the first comes
};

// The same of Results: all values, or the first error to come.
template <class T>
class ValuesInOrder {
 public:
  explicit ValuesInOrder(std::size_t expected) : values_(expected) {}

  // False when no more are wanted.
  bool Keep(std::size_t index, Result<T> result) {
    if (result.ok()) {
      values_.Keep(index, std::move(result).value());
    } else {
      error_ = std::move(result).error();
    }
    return !error_;
  }

  Result<std::vector<T>> TakeAll() {
    if (error_) return *std::move(error_);
    return values_.TakeAll();
  }

 private:
  InOrder<T> values_;
  std::optional<Error> error_{};
};

// kInvalidRequest for a limit below 1.
inline std::optional<Error> RefusedGatherLimit(int limit) {
  if (limit >= 1) return {};
  return Error{ErrorCode::kInvalidRequest,
               "gather limit: " + std::to_string(limit) + " is not at least 1"};
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_GATHER_GATHERED_H_
