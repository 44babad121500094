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

TEST(Headers, TakeAWholeLine) {
  Headers headers = {{"A", "1"}};
  headers.AddLine("Name: \t value", 4, 8);
  headers.AddLine("Empty:", 5, 6);
  headers.Add("B", "2");
  ASSERT_EQ(headers.size(), 4u);
  EXPECT_EQ(headers[1].name, "Name");
  EXPECT_EQ(headers[1].value, "value");
  EXPECT_EQ(headers.Get("empty"), "");
  EXPECT_EQ(headers.Get("B"), "2");
}

TEST(Headers, OnlyLettersHaveACase) {
  EXPECT_TRUE(EqualIgnoringCase("aZ-[_@", "Az-[_@"));
  EXPECT_FALSE(EqualIgnoringCase("@[", "`{"));
  EXPECT_FALSE(EqualIgnoringCase("a", "ab"));
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
