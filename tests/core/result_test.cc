#include "assay/core/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace assay {
namespace {

const Error kError{ErrorCode::kTimeout, "too late"};

TEST(Result, HoldsAValue) {
  const Result<int> result = 7;
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, 7);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = kError;
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error(), kError);
}

TEST(Result, AskingForTheMissingSideThrows) {
  const Result<int> failed = kError;
  const Result<int> fine = 7;
  EXPECT_THROW((void)failed.value(), std::bad_variant_access);
  EXPECT_THROW((void)fine.error(), std::bad_variant_access);
}

TEST(Result, CarriesValuesThatOnlyMove) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, IsAnErrorBeforeThereIsOne) {
  const Result<std::unique_ptr<int>> none;
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error(), (Error{ErrorCode::kCancelled, "no result yet"}));
}

TEST(ErrorCode, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kCircuitOpen); ++code) {
    names.insert(ToString(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kCircuitOpen) + 1);
  EXPECT_EQ(names.count("unknown"), 0u);
}

}  // namespace
}  // namespace assay
