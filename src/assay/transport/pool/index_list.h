// Doubly linked lists of small numbers, which share their links: each number is in at most one
// of the lists that use the same IndexLinks. All operations take constant time; memory is taken
// only for a number larger than any before. Not thread-safe. Internal to the pool.
#ifndef ASSAY_TRANSPORT_POOL_INDEX_LIST_H_
#define ASSAY_TRANSPORT_POOL_INDEX_LIST_H_

#include <cstdint>
#include <vector>

namespace assay {

struct IndexList {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  bool empty() const noexcept { return first == kNone; }

  std::uint32_t first = kNone;
  std::uint32_t last = kNone;
};

class IndexLinks {
 public:
  // `index` is in no list.
  void Append(IndexList& list, std::uint32_t index) {
    if (index >= links_.size()) links_.resize(index + 1);
    links_[index] = {.before = list.last, .after = IndexList::kNone};
    After(list, list.last) = index;
    list.last = index;
  }

  // `index` is in `list`.
  void Remove(IndexList& list, std::uint32_t index) {
    const Link link = links_[index];
    After(list, link.before) = link.after;
    (link.after == IndexList::kNone ? list.last : links_[link.after].before) = link.before;
  }

  // kNone after the last.
  std::uint32_t Next(std::uint32_t index) const { return links_[index].after; }

 private:
  struct Link {
    std::uint32_t before = IndexList::kNone;
    std::uint32_t after = IndexList::kNone;
  };

  std::uint32_t& After(IndexList& list, std::uint32_t index) {
    return index == IndexList::kNone ? list.first : links_[index].after;
  }

  std::vector<Link> links_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_POOL_INDEX_LIST_H_
