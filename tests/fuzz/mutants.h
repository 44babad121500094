// What libFuzzer feeds a target, as far as that goes without it: the corpus, and mutants of
// it that are the same in every run. A broken promise aborts.
#ifndef ASSAY_TESTS_FUZZ_MUTANTS_H_
#define ASSAY_TESTS_FUZZ_MUTANTS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/hash.h"

// The target, one for each program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace assay::fuzz {

// In the order of their names, so that mutants are the same everywhere.
inline std::vector<std::string> Corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths{std::filesystem::directory_iterator(folder), {}};
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

inline void Try(const std::string& text) {
  // A copy of its own that ends where the text ends, so that a sanitizer sees a step beyond.
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  ASSERT_EQ(LLVMFuzzerTestOneInput(bytes.data(), bytes.size()), 0);
}

// Draws the numbers of one mutant, one after the other.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t mutant) : seed_(seed), mutant_(mutant) {}
  std::size_t Below(std::size_t bound) {
    return static_cast<std::size_t>(Draw(seed_, "mutant", mutant_, next_++) % bound);
  }

 private:
  std::uint64_t seed_, mutant_, next_ = 0;
};

// One to four bytes replaced by some of `bytes`.
inline std::string Flipped(std::string text, std::string_view bytes, Dice& dice) {
  for (std::size_t left = 1 + dice.Below(4); left > 0; --left) {
    text[dice.Below(text.size())] = bytes[dice.Below(bytes.size())];
  }
  return text;
}

// The begin of one and the end of another one; of the same: a piece missing or twice.
inline std::string Spliced(const std::string& front, const std::string& back, Dice& dice) {
  return front.substr(0, dice.Below(front.size())) + back.substr(dice.Below(back.size()));
}

}  // namespace assay::fuzz

#endif  // ASSAY_TESTS_FUZZ_MUTANTS_H_
