#include "assay/transport/pool/index_list.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::vector<std::uint32_t> Contents(const IndexList& list, const IndexLinks& links) {
  std::vector<std::uint32_t> contents;
  for (std::uint32_t i = list.first; i != IndexList::kNone; i = links.Next(i)) {
    contents.push_back(i);
  }
  EXPECT_EQ(contents.empty(), list.empty());
  EXPECT_EQ(list.last, contents.empty() ? IndexList::kNone : contents.back());
  return contents;
}

using Numbers = std::vector<std::uint32_t>;

TEST(IndexList, KeepsTheOrderOfAppending) {
  IndexLinks links;
  IndexList list;
  EXPECT_EQ(Contents(list, links), Numbers{});
  for (const std::uint32_t i : {5u, 0u, 9u}) links.Append(list, i);
  EXPECT_EQ(Contents(list, links), (Numbers{5, 0, 9}));
}

TEST(IndexList, LosesTheFirstTheMiddleAndTheLast) {
  for (const auto& [gone, left] :
       std::vector<std::pair<std::uint32_t, Numbers>>{{1, {2, 3}}, {2, {1, 3}}, {3, {1, 2}}}) {
    IndexLinks links;
    IndexList list;
    for (const std::uint32_t i : {1u, 2u, 3u}) links.Append(list, i);
    links.Remove(list, gone);
    EXPECT_EQ(Contents(list, links), left);
    for (const std::uint32_t i : left) links.Remove(list, i);
    EXPECT_EQ(Contents(list, links), Numbers{});
    links.Append(list, gone);
    EXPECT_EQ(Contents(list, links), Numbers{gone});
  }
}

TEST(IndexList, SharesItsLinksWithOthers) {
  IndexLinks links;
  IndexList even, odd;
  for (std::uint32_t i = 0; i < 6; ++i) links.Append(i % 2 == 0 ? even : odd, i);
  links.Remove(even, 2);
  links.Append(odd, 2);
  EXPECT_EQ(Contents(even, links), (Numbers{0, 4}));
  EXPECT_EQ(Contents(odd, links), (Numbers{1, 3, 5, 2}));
}

}  // namespace
}  // namespace assay
