// Seeded hash streams: randomness that does not depend on who asks first.
//
// A draw is a pure function of (seed, stream, key, attempt), so the same request
// meets the same fate in every run and with any number of threads; a shared
// generator cannot promise that. The values are part of the contract: golden
// values in tests/core/hash_test.cc hold on every compiler and platform.
//
// Sources: FNV-1a 64 (Fowler, Noll, Vo; RFC 9923), finaliser of SplitMix64
// (Steele, Lea, Flood, OOPSLA 2014). Not for cryptography.
#ifndef ASSAY_CORE_HASH_H_
#define ASSAY_CORE_HASH_H_

#include <cstdint>
#include <string_view>

namespace assay {

inline constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325u;

// FNV-1a over `bytes`, continued from `state` so that parts can be chained.
constexpr std::uint64_t HashBytes(std::string_view bytes,
                                  std::uint64_t state = kFnvOffset) noexcept {
  for (const char byte : bytes) {
    state ^= static_cast<unsigned char>(byte);
    state *= 0x100000001b3u;
  }
  return state;
}

// Spreads every input bit over all output bits; a bijection.
constexpr std::uint64_t Mix(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// 64 uniform bits for the `attempt`-th try of `key` in the stream named `stream`.
constexpr std::uint64_t Draw(std::uint64_t seed, std::string_view stream, std::uint64_t key,
                             std::uint64_t attempt) noexcept {
  return Mix(Mix(Mix(seed ^ HashBytes(stream)) ^ key) ^ attempt);
}

// The 53 high bits of a draw as a number in [0, 1).
constexpr double UnitInterval(std::uint64_t draw) noexcept {
  return static_cast<double>(draw >> 11) * 0x1.0p-53;
}

}  // namespace assay

#endif  // ASSAY_CORE_HASH_H_
