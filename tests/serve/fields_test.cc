#include "tools/serve/fields.h"

#include <gtest/gtest.h>

namespace assay::serve {
namespace {

template <class T>
T Over(T value, const std::string& text) {
  const auto read = ReadDocument("f", text, [&](const Node& node) { Read(node, value); });
  EXPECT_TRUE(read.ok() || read.error().message.starts_with("f: "));
  return value;
}

TEST(ServeFields, NullTakesAnOptionalValueAway) {
  EXPECT_EQ(Over(std::optional<int>(5), "null"), std::nullopt);
  EXPECT_EQ(Over(std::optional<int>(5), "6"), 6);
}

TEST(ServeFields, AListReplacesWhatWasThere) {
  EXPECT_EQ(Over(std::vector<int>{1, 2}, "[3]"), std::vector<int>{3});
}

TEST(ServeFields, AValueThatIsRefusedLeavesWhatWasThere) {
  EXPECT_EQ(Over(5, "\"6\""), 5);
  EXPECT_EQ(Over(5, "-6"), 5);
  EXPECT_EQ(Over(0.5, "true"), 0.5);
  EXPECT_EQ(Over(true, "0"), true);
  EXPECT_EQ(Over(std::string("a"), "1"), "a");
  EXPECT_EQ(Over(Duration(5), "\"5\""), Duration(5));
}

}  // namespace
}  // namespace assay::serve
