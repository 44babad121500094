#include "assay/http/headers.h"

#include <gtest/gtest.h>

#include "assay/http/method.h"

namespace assay {
namespace {

TEST(Headers, FindNamesWithoutRegardToCase) {
  const Headers headers = {{"Content-Type", "text/plain"}};
  EXPECT_EQ(headers.Get("content-TYPE"), "text/plain");
  EXPECT_EQ(headers.Get("Content-Typ"), std::nullopt);
}

TEST(Headers, KeepOrderAndRepetitions) {
  const Headers headers = {{"A", "1"}, {"B", "2"}, {"a", "3"}};
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[2].name, "a");
  EXPECT_EQ(headers[2].value, "3");
  EXPECT_EQ(headers.Get("A"), "1");
}

TEST(Headers, ClearForgetsEverything) {
  Headers headers = {{"A", "1"}};
  headers.Clear();
  EXPECT_TRUE(headers.empty());
  headers.Add("B", "");
  EXPECT_EQ(headers.Get("A"), std::nullopt);
  EXPECT_EQ(headers.Get("B"), "");
}

TEST(Method, NamesRoundTrip) {
  for (int i = 0; i <= static_cast<int>(Method::kOptions); ++i) {
    const auto method = static_cast<Method>(i);
    EXPECT_EQ(ParseMethod(ToString(method)), method);
  }
  EXPECT_EQ(ParseMethod("get"), std::nullopt);
  EXPECT_EQ(ParseMethod("BREW"), std::nullopt);
}

}  // namespace
}  // namespace assay
