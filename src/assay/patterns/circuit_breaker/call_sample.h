// What a window keeps of a call: two bits. And what it says of all that it keeps.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_SAMPLE_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_SAMPLE_H_

#include <cstdint>

namespace assay {

// One call is one sample: a slow failure is one call with both bits.
struct CallSample {
  static constexpr std::uint64_t kKinds = 4;

  // In one byte: two that are written one by one cannot be read together without a stall.
  bool failed : 1 = false;
  bool slow : 1 = false;

  constexpr bool bad() const noexcept { return failed || slow; }
  // 0 to 3: bit 0 says failed, bit 1 says slow.
  constexpr std::uint64_t Bits() const noexcept { return (failed ? 1u : 0u) | (slow ? 2u : 0u); }
};

struct WindowCounts {
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  std::uint64_t slow = 0;

  // Shares of all calls, 0 to 1; 0 without calls.
  double failure_rate() const noexcept { return Share(failures); }
  double slow_rate() const noexcept { return Share(slow); }

  friend bool operator==(const WindowCounts&, const WindowCounts&) = default;

 private:
  // A division and no product: 7 of 100 have to reach a threshold of 0.07.
  double Share(std::uint64_t part) const noexcept {
    return calls == 0 ? 0 : static_cast<double>(part) / static_cast<double>(calls);
  }
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_SAMPLE_H_
