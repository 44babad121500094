// What gatherings share, on threads and in coroutines: the order of what has come, and the limit
// that is refused. Not locked.
#ifndef ASSAY_PATTERNS_GATHER_GATHERED_H_
#define ASSAY_PATTERNS_GATHER_GATHERED_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assay/core/error.h"
#include "assay/core/result.h"

namespace assay {

// Comes in any order, from 0 without gaps, and leaves in the order of the indices.
template <class T>
class InOrder {
 public:
  void Keep(std::size_t index, T value) {
    if (values_.size() <= index) values_.resize(index + 1);
    values_[index] = std::move(value);
  }

  std::vector<T> TakeAll() {
    std::vector<T> all;
    all.reserve(values_.size());
    for (auto& value : values_) all.push_back(*std::move(value));
    return all;
  }

 private:
  std::vector<std::optional<T>> values_{};
};

// The same of Results: all values, or the first error to come.
template <class T>
class ValuesInOrder {
 public:
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
  InOrder<T> values_{};
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
