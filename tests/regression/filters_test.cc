#include "tools/regression/compare/filters.h"

#include <gtest/gtest.h>

#include <regex>

namespace assay::regression {
namespace {

using Words = std::vector<std::string>;

Document Named(const Words& names) {
  Document document;
  for (const std::string& name : names) {
    document.entries.emplace_back();
    document.entries.back().run_name = name;
  }
  return document;
}

TEST(KeepAndRename, GivesTwoFamiliesTheSameNames) {
  std::vector<Document> documents = {Named({"BM_old/8", "BM_new/8", "BM_old/64"})};
  KeepAndRename(documents, "BM_old", "[old vs. new]");
  ASSERT_EQ(documents[0].entries.size(), 2u);
  EXPECT_EQ(documents[0].entries[0].run_name, "[old vs. new]/8");
  EXPECT_EQ(documents[0].entries[1].run_name, "[old vs. new]/64");
}

TEST(KeepAndRename, ReplacesEveryMatchLiterally) {
  std::vector<Document> documents = {Named({"aXaX"})};
  KeepAndRename(documents, "a", "$&");
  EXPECT_EQ(documents[0].entries[0].run_name, "$&X$&X");
}

TEST(KeepAndRename, AnEmptyMatchIsNoMatch) {
  std::vector<Document> documents = {Named({"abbc", "x"})};
  KeepAndRename(documents, "b*", "-");
  ASSERT_EQ(documents[0].entries.size(), 2u);
  EXPECT_EQ(documents[0].entries[0].run_name, "a-c");
  EXPECT_EQ(documents[0].entries[1].run_name, "x");
}

TEST(KeepAndRename, ThrowsForWhatIsNoExpression) {
  std::vector<Document> documents = {Named({"a"})};
  EXPECT_THROW(KeepAndRename(documents, "(", ""), std::regex_error);
}

TEST(FromComparePy, UnderstandsItsThreeModes) {
  EXPECT_EQ(FromComparePy({"compare", "benchmarks", "a", "b"}), (Words{"compare", "a", "b"}));
  EXPECT_EQ(FromComparePy({"compare", "-a", "benchmarks", "a", "b", "--alpha=0.01"}),
            (Words{"compare", "-a", "a", "b", "--alpha=0.01"}));
  EXPECT_EQ(FromComparePy({"compare", "filters", "f", "x", "y"}),
            (Words{"compare", "f", "f", "--base-filter=x", "--head-filter=y"}));
  EXPECT_EQ(FromComparePy({"compare", "benchmarksfiltered", "a", "x", "b", "y"}),
            (Words{"compare", "a", "b", "--base-filter=x", "--head-filter=y"}));
}

TEST(FromComparePy, LeavesOurOwnSpellingAlone) {
  for (const Words& words :
       {Words{"compare", "a", "b"}, Words{"headline", "filters", "a"}, Words{},
        Words{"headline", "benchmarks", "a"}, Words{"compare"},
        Words{"compare", "benchmarksfiltered", "a", "x", "b"}, Words{"compare", "filters", "b"}}) {
    EXPECT_EQ(FromComparePy(words), words);
  }
}

TEST(FromComparePy, OptionsAmongTheWordsStayWhereTheyAre) {
  EXPECT_EQ(FromComparePy({"compare", "filters", "--alpha=1", "-", "x", "y"}),
            (Words{"compare", "-", "-", "--base-filter=x", "--head-filter=y", "--alpha=1"}));
  EXPECT_EQ(FromComparePy({"compare", "benchmarksfiltered", "a", "x", "b", "y", "more"}),
            (Words{"compare", "a", "b", "--base-filter=x", "--head-filter=y", "more"}));
}

TEST(FromComparePy, ItsDumpIsOurJson) {
  EXPECT_EQ(FromComparePy({"compare", "-d", "out.json", "a", "b"}),
            (Words{"compare", "--json", "out.json", "a", "b"}));
}

}  // namespace
}  // namespace assay::regression
