#include "tools/table/table.h"

#include <gtest/gtest.h>

namespace assay::table {
namespace {

using Lines = std::vector<std::string>;

TEST(Table, AlignsColumnsAndEndsNoLineWithSpaces) {
  Table table({{"name"}, {"value", Align::kRight}, {"note"}});
  EXPECT_TRUE(table.empty());
  table.Add({"a", "1", "longer than its title"});
  table.Add({"longest", "1000000", ""});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.Lines(), (Lines{"name       value  note",
                                  "a              1  longer than its title", "longest  1000000"}));
  EXPECT_EQ(table.Rule(), "-------  -------  ---------------------");
  EXPECT_EQ(table.Width(), table.Rule().size());
}

TEST(Table, CountsCharactersAndNotBytes) {
  Table table({{"µ"}, {"b"}});
  table.Add({"µµ", "1"});
  table.Add({"…", "2"});
  EXPECT_EQ(table.Lines(), (Lines{"µ   b", "µµ  1", "…   2"}));
}

TEST(Table, ARowMayBeShorterOrLongerThanTheTitles) {
  Table table({{"a"}, {"b"}});
  table.Add({"1"});
  table.Add({"1", "2", "3"});
  EXPECT_EQ(table.Lines(), (Lines{"a  b", "1", "1  2"}));
}

TEST(Table, EmptyColumnsCanBeDropped) {
  Table table({{"a"}, {"b"}, {"c", Align::kRight}, {"d"}});
  table.Add({"", "", "1", ""});
  table.Add({"", "", "", ""});
  table.Add({"", "", "100", ""});
  table.DropEmptyColumns();
  EXPECT_EQ(table.Lines(), (Lines{"a    c", "     1", "", "   100"}));
}

TEST(Table, ShortensTheFirstColumnAndNothingElseToFit) {
  Table table({{"name"}, {"value"}});
  table.Add({std::string(40, 'a') + "z", "123456789"});
  EXPECT_EQ(table.Lines(52)[1], std::string(40, 'a') + "z  123456789");
  EXPECT_EQ(table.Lines(51)[1],
            std::string(19, 'a') + "..." + std::string(17, 'a') + "z  123456789");
  EXPECT_EQ(table.Lines(31)[1], "aaaaaaaaa...aaaaaaaz  123456789");
  EXPECT_EQ(table.Lines(10)[1], "aaaaaaaaa...aaaaaaaz  123456789");  // the least
  EXPECT_EQ(table.Lines(31)[0], "name                  value");
}

TEST(Table, AShortFirstColumnStaysAsNarrowAsItIs) {
  Table table({{"n"}, {"v"}});
  table.Add({"a", "1"});
  EXPECT_EQ(table.Lines(100), (Lines{"n  v", "a  1"}));
}

TEST(Table, MarkdownSaysHowColumnsAreAligned) {
  Table table({{"name"}, {"value", Align::kRight}});
  table.Add({"a", "1"});
  EXPECT_EQ(table.Markdown(), "| name | value |\n| --- | ---: |\n| a | 1 |\n");
}

TEST(Table, NoCellBreaksMarkdown) {
  Table table({{"a|b"}});
  table.Add({"x<int>|`y`\r\nz"});
  EXPECT_EQ(table.Markdown(), "| a\\|b |\n| --- |\n| x\\<int>\\|\\`y\\`  z |\n");
}

TEST(Shortened, KeepsBothEndsAndWholeCharacters) {
  EXPECT_EQ(Shortened("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(Shortened("abcdefgh", 7), "ab...gh");
  EXPECT_EQ(Shortened("abcdefgh", 6), "ab...h");
  EXPECT_EQ(Shortened("abcdefgh", 3), "...");
  EXPECT_EQ(Shortened("äöüßäöüß", 7), "äö...üß");
  EXPECT_EQ(Shortened("äöüß", 4), "äöüß");
}

}  // namespace
}  // namespace assay::table
