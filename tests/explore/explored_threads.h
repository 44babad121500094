// Atomics and a mutex whose every access is a point where explore::Explore() may let another thread
// go first. In place of assay::StdThreads, for any pattern that takes it as a parameter.
#ifndef ASSAY_TESTS_EXPLORE_EXPLORED_THREADS_H_
#define ASSAY_TESTS_EXPLORE_EXPLORED_THREADS_H_

#include <atomic>
#include <utility>

#include "tests/explore/schedule.h"

namespace assay::explore {

// As std::atomic, as far as patterns use it. Memory orders are accepted and all mean the strictest.
// A weak exchange also fails without cause.
template <class T>
class Atomic {
 public:
  Atomic() noexcept = default;
  Atomic(T value) noexcept : value_(value) {}  // as of std::atomic: not explicit
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(std::memory_order = std::memory_order_seq_cst) const {
    Step();
    return value_;
  }
  void store(T value, std::memory_order = std::memory_order_seq_cst) { exchange(value); }
  T exchange(T value, std::memory_order = std::memory_order_seq_cst) {
    Step();
    return std::exchange(value_, value);
  }
  T fetch_add(T value, std::memory_order = std::memory_order_seq_cst) {
    return exchange_with([&](T old) { return static_cast<T>(old + value); });
  }
  T fetch_sub(T value, std::memory_order = std::memory_order_seq_cst) {
    return exchange_with([&](T old) { return static_cast<T>(old - value); });
  }
  T fetch_or(T value, std::memory_order = std::memory_order_seq_cst) {
    return exchange_with([&](T old) { return static_cast<T>(old | value); });
  }
  T fetch_and(T value, std::memory_order = std::memory_order_seq_cst) {
    return exchange_with([&](T old) { return static_cast<T>(old & value); });
  }

  bool compare_exchange_strong(T& expected, T desired,
                               std::memory_order = std::memory_order_seq_cst,
                               std::memory_order = std::memory_order_seq_cst) {
    Step();
    if (value_ != expected) {
      expected = value_;
      return false;
    }
    value_ = desired;
    return true;
  }
  bool compare_exchange_weak(T& expected, T desired, std::memory_order = std::memory_order_seq_cst,
                             std::memory_order = std::memory_order_seq_cst) {
    if (!Choose()) return compare_exchange_strong(expected, desired);
    Step();
    expected = value_;
    return false;
  }

 private:
  template <class Change>
  T exchange_with(Change change) {
    Step();
    return std::exchange(value_, change(value_));
  }

  T value_{};
};

class Mutex {
 public:
  Mutex() noexcept = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() {
    Step();
    while (locked_) Block(this);
    locked_ = true;
  }
  bool try_lock() {
    Step();
    return !std::exchange(locked_, true);
  }
  void unlock() {
    Step();
    locked_ = false;
    Unblock(this);
  }

 private:
  bool locked_ = false;
};

struct ExploredThreads {
  template <class T>
  using Atomic = explore::Atomic<T>;
  using Mutex = explore::Mutex;
};

}  // namespace assay::explore

#endif  // ASSAY_TESTS_EXPLORE_EXPLORED_THREADS_H_
