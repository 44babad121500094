// The items of a pipeline, oldest first, in memory that is allocated once.
//
// Not thread-safe. Pages that were never needed stay untouched.
#ifndef ASSAY_PATTERNS_PIPELINE_RING_H_
#define ASSAY_PATTERNS_PIPELINE_RING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "assay/core/clock.h"

namespace assay {

template <class T>
class PipelineRing {
  // Items move under a lock, where nothing may fail half-way.
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>);

 public:
  explicit PipelineRing(int capacity)
      : slots_(std::make_unique_for_overwrite<Slot[]>(static_cast<std::size_t>(capacity))),
        capacity_(capacity) {}
  PipelineRing(const PipelineRing&) = delete;
  PipelineRing& operator=(const PipelineRing&) = delete;
  ~PipelineRing() {
    while (size_ > 0) DropFront();
  }

  int size() const noexcept { return size_; }
  std::int64_t bytes() const noexcept { return bytes_; }
  TimePoint oldest() const noexcept { return slots_[front_].since; }  // with one there

  // With room for it.
  void PushBack(T&& item, std::int64_t bytes, TimePoint since) noexcept {
    Slot& slot = slots_[back_];
    ::new (slot.memory) T(std::move(item));
    slot.bytes = bytes;
    slot.since = since;
    back_ = Behind(back_);
    bytes_ += bytes;
    ++size_;
  }

  // The oldest, with one there; `take` gets it as T&&.
  template <class Take>
  void PopFront(Take& take) noexcept {
    Slot& slot = slots_[front_];
    T* const item = std::launder(reinterpret_cast<T*>(slot.memory));
    take(std::move(*item));
    std::destroy_at(item);
    front_ = Behind(front_);
    bytes_ -= slot.bytes;
    --size_;
  }

  void DropFront() noexcept {
    const auto nowhere = [](T&&) {};
    PopFront(nowhere);
  }

 private:
  struct Slot {
    alignas(T) std::byte memory[sizeof(T)];
    std::int64_t bytes;
    TimePoint since;

    Slot() noexcept {}  // leaves the memory as it is  NOLINT
  };

  int Behind(int index) const noexcept { return index + 1 == capacity_ ? 0 : index + 1; }

  const std::unique_ptr<Slot[]> slots_;
  const int capacity_;
  int front_ = 0;
  int back_ = 0;
  int size_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_RING_H_
