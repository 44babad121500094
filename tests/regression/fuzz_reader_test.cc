// What libFuzzer feeds fuzz_reader.cc, as far as that goes without it: the corpus, and
// mutants of it that are the same in every run. A broken promise aborts.
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
#include "tools/regression/read/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace assay::regression {
namespace {

constexpr int kMutants = 1000;  // of each file
constexpr std::string_view kBytes("\"{}[],:\\-+.eE0189tfnN \n\x00\x1f\x7f\xc3\xff", 28);

// In the order of their names, so that mutants are the same everywhere.
std::vector<std::string> Corpus() {
  std::vector<std::filesystem::path> paths{std::filesystem::directory_iterator(ASSAY_CORPUS_DIR),
                                           {}};
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

void Try(const std::string& text) {
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

// One to four bytes replaced.
std::string Flipped(std::string text, Dice& dice) {
  for (std::size_t left = 1 + dice.Below(4); left > 0; --left) {
    text[dice.Below(text.size())] = kBytes[dice.Below(kBytes.size())];
  }
  return text;
}

// The begin of one and the end of another one; of the same: a piece missing or twice.
std::string Spliced(const std::string& front, const std::string& back, Dice& dice) {
  return front.substr(0, dice.Below(front.size())) + back.substr(dice.Below(back.size()));
}

TEST(FuzzReader, TheCorpusItselfKeepsThePromises) {
  const auto corpus = Corpus();
  ASSERT_GE(corpus.size(), 6u);
  for (const std::string& text : corpus) {
    ASSERT_FALSE(text.empty());
    Try(text);
  }
  Try("");
}

TEST(FuzzReader, FlippedBytesBreakNoPromise) {
  std::uint64_t seed = 0;
  int read = 0, refused = 0;
  for (const std::string& text : Corpus()) {
    ++seed;
    for (std::uint64_t mutant = 0; mutant < kMutants; ++mutant) {
      Dice dice(seed, mutant);
      const std::string flipped = Flipped(text, dice);
      Try(flipped);
      ++(ParseReports("r.json", flipped).ok() ? read : refused);
    }
  }
  EXPECT_GT(read, kMutants);  // most are damaged so little that they go deep into the reader …
  EXPECT_GT(refused, 0);      // … and some are beyond repair
}

TEST(FuzzReader, SplicedReportsBreakNoPromise) {
  const auto corpus = Corpus();
  for (std::size_t front = 0; front < corpus.size(); ++front) {
    for (std::uint64_t mutant = 0; mutant < kMutants; ++mutant) {
      Dice dice(100 + front, mutant);
      Try(Spliced(corpus[front], corpus[dice.Below(corpus.size())], dice));
    }
  }
}

}  // namespace
}  // namespace assay::regression
