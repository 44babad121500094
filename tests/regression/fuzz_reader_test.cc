// What libFuzzer feeds fuzz_reader.cc, as far as that goes without it.
#include <gtest/gtest.h>

#include "tests/fuzz/mutants.h"
#include "tools/regression/read/reader.h"

namespace assay::regression {
namespace {

constexpr int kMutants = 1000;  // of each file
constexpr std::string_view kBytes("\"{}[],:\\-+.eE0189tfnN \n\x00\x1f\x7f\xc3\xff", 28);

std::vector<std::string> Corpus() { return fuzz::Corpus(ASSAY_CORPUS_DIR); }

TEST(FuzzReader, TheCorpusItselfKeepsThePromises) {
  const auto corpus = Corpus();
  ASSERT_GE(corpus.size(), 6u);
  for (const std::string& text : corpus) {
    ASSERT_FALSE(text.empty());
    fuzz::Try(text);
  }
  fuzz::Try("");
}

TEST(FuzzReader, FlippedBytesBreakNoPromise) {
  std::uint64_t seed = 0;
  int read = 0, refused = 0;
  for (const std::string& text : Corpus()) {
    ++seed;
    for (std::uint64_t mutant = 0; mutant < kMutants; ++mutant) {
      fuzz::Dice dice(seed, mutant);
      const std::string flipped = fuzz::Flipped(text, kBytes, dice);
      fuzz::Try(flipped);
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
      fuzz::Dice dice(100 + front, mutant);
      fuzz::Try(fuzz::Spliced(corpus[front], corpus[dice.Below(corpus.size())], dice));
    }
  }
}

}  // namespace
}  // namespace assay::regression
