// What the gather_threads tests share: who is in a call, and a call that goes on until the stop.
#ifndef ASSAY_TESTS_PATTERNS_GATHER_THREADS_SCENE_H_
#define ASSAY_TESTS_PATTERNS_GATHER_THREADS_SCENE_H_

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <vector>

#include "assay/core/result.h"
#include "assay/patterns/gather/gather_threads.h"

namespace assay::gather_threads {

using Ints = std::vector<int>;

inline const Error kDown{ErrorCode::kConnectRefused, "refused"};

// How many are in it, and how many have been at most.
class Room {
 public:
  struct Stay {
    explicit Stay(Room& room) : in(room) {
      const int now = ++in.inside_;
      for (int most = in.most_; most < now && !in.most_.compare_exchange_weak(most, now);) {
      }
      ++in.visits_;
    }
    ~Stay() { --in.inside_; }
    Room& in;
  };
  int inside() const { return inside_; }
  int most() const { return most_; }
  int visits() const { return visits_; }

 private:
  std::atomic<int> inside_ = 0, most_ = 0, visits_ = 0;
};

inline void WaitUntilStopped(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, stop, [] { return false; });
}

}  // namespace assay::gather_threads

#endif  // ASSAY_TESTS_PATTERNS_GATHER_THREADS_SCENE_H_
