// Units of work of various natures for workload.cc.
//
// A unit takes the state that the last one left and its own number, and gives the next state: so
// none can be left out, overlapped with the next or done once for all. The cost of a unit must not
// depend on how many there are: states wander over all 64 bits or stand still.
#ifndef ASSAY_BENCH_REGRESSION_WORKLOAD_UNITS_H_
#define ASSAY_BENCH_REGRESSION_WORKLOAD_UNITS_H_

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {

using State = std::uint64_t;

inline State Integer(State state, State i) { return Mix(state + i); }

inline State Division(State state, State i) { return ~state / ((i & 63) | 3); }

inline State FloatingPoint(State state, State i) {
  double x = 1 + static_cast<double>(state & 1023);
  for (int j = 0; j < 4; ++j) x = x * 1.0000001 + static_cast<double>(i & 15) * 1e-9;
  return static_cast<State>(x);
}

inline State SquareRoot(State state, State i) {
  return static_cast<State>(std::sqrt(static_cast<double>((state & 0xffff) + (i & 63))));
}

inline State Sine(State state, State) {
  return state + static_cast<State>(2 * std::sin(1 + 1e-3 * static_cast<double>(state & 7)));
}

inline State HashOfBuffer(State state, State i) {
  std::array<char, 32> buffer{};
  std::memcpy(buffer.data(), &state, sizeof state);
  buffer[8] = static_cast<char>(i);
  return HashBytes({buffer.data(), buffer.size()});
}

inline State Branches(State state, State i) {
  state = Mix(state ^ i);
  if ((state & 1) != 0) benchmark::DoNotOptimize(state += 5);
  if ((state & 2) != 0) benchmark::DoNotOptimize(state ^= 9);
  return state;
}

// The same numbers every time, so that every unit takes the same steps.
inline State SortEight(State state, State) {
  std::array<State, 8> numbers{5, 2, 7, 1, 8, 3, 6, 4};
  benchmark::DoNotOptimize(numbers);
  std::sort(numbers.begin(), numbers.end());
  return state + numbers[4];
}

inline State Allocation(State state, State i) {
  const auto memory = std::make_unique<State[]>(4 + (i & 7));
  memory[0] = state;
  benchmark::DoNotOptimize(memory.get());
  return memory[0] + 1;
}

inline State StringAppend(State state, State) {
  std::string text = "0123456789abcdef0123";
  text += static_cast<char>('a' + (state & 7));
  benchmark::DoNotOptimize(text.data());
  return state + text.size();
}

inline State NumberToText(State state, State i) {
  std::array<char, 24> text{};
  const State number = 100000 + (state & 1) + (i & 63);
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return static_cast<State>(end.ptr[-1]);
}

template <class Map, State kKeys>
State LookUp(State state, State i) {
  static const Map map = [] {
    Map made;
    for (State key = 0; key < kKeys; ++key) made[key] = Mix(key);
    return made;
  }();
  return Mix(state ^ map.find((state + i) & (kKeys - 1))->second);
}
inline constexpr auto MapLookUp = LookUp<std::map<State, State>, 64>;
inline constexpr auto HashLookUp = LookUp<std::unordered_map<State, State>, 1024>;

struct Step {
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;
  virtual State Take(State state) const = 0;
};
struct AddThree final : Step {
  State Take(State state) const override { return state + 3; }
};
struct TurnLeft final : Step {
  State Take(State state) const override { return (state << 5) | (state >> 59); }
};

inline State VirtualCall(State state, State i) {
  static const AddThree add;
  static const TurnLeft turn;
  static const std::array<const Step*, 2> steps{&add, &turn};
  return steps[i & 1]->Take(state);
}

inline State AtomicAdd(State state, State i) {
  static std::atomic<State> counter;
  return counter.fetch_add(state & i) + 1;
}

inline State LockMutex(State state, State i) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return state + i;
}

inline State CopyOfMemory(State state, State) {
  static std::array<char, 512> from;
  static std::array<char, 512> to;
  from[0] = static_cast<char>(state);
  std::memcpy(to.data(), from.data(), to.size());
  benchmark::DoNotOptimize(to.data());
  benchmark::ClobberMemory();
  return state + static_cast<State>(to[0] & 1);
}

inline State SystemCall(State state, State) { return state + static_cast<State>(::getppid() & 1); }

// Each step to a place in `bytes` (a power of two) that what was read there has a say in. The
// memory holds zeros, so the steps are those of Knuth's generator and never run in a short circle.
inline auto Walk(std::size_t bytes) {
  return [memory = std::vector<State>(bytes / sizeof(State))](State state, State) {
    const std::size_t place = (state >> 32) & (memory.size() - 1);
    return state * 6364136223846793005u + 1442695040888963407u + memory[place];
  };
}

// A cache line after the other.
inline auto Stream(std::size_t bytes) {
  return [memory = std::vector<State>(bytes / sizeof(State))](State state, State) {
    const std::size_t line = (state * 8) & (memory.size() - 1);
    for (std::size_t i = 0; i < 8; ++i) state += memory[line + i];
    return state + 1;
  };
}

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_WORKLOAD_UNITS_H_
