// What libFuzzer feeds fuzz_response_reader.cc, as far as that goes without it.
#include <gtest/gtest.h>

#include "tests/fuzz/mutants.h"

namespace assay {
namespace {

constexpr int kMutants = 300;  // of each file
constexpr std::string_view kBytes("\r\n\r\n :;,0123456789aAfFHhTtx/.\t\x00\x01\x7f\xff", 34);

std::vector<std::string> Corpus() { return fuzz::Corpus(ASSAY_RESPONSE_CORPUS_DIR); }

TEST(FuzzResponseReader, TheCorpusItselfKeepsThePromises) {
  const auto corpus = Corpus();
  ASSERT_GE(corpus.size(), 27u);
  for (const std::string& text : corpus) {
    ASSERT_GT(text.size(), 4u);
    for (std::size_t size = 0; size <= text.size(); ++size) fuzz::Try(text.substr(0, size));
  }
}

TEST(FuzzResponseReader, FlippedBytesBreakNoPromise) {
  std::uint64_t seed = 0;
  for (const std::string& text : Corpus()) {
    ++seed;
    for (std::uint64_t mutant = 0; mutant < kMutants; ++mutant) {
      fuzz::Dice dice(seed, mutant);
      fuzz::Try(fuzz::Flipped(text, kBytes, dice));
    }
  }
}

TEST(FuzzResponseReader, SplicedResponsesBreakNoPromise) {
  const auto corpus = Corpus();
  for (std::size_t front = 0; front < corpus.size(); ++front) {
    for (std::uint64_t mutant = 0; mutant < kMutants; ++mutant) {
      fuzz::Dice dice(100 + front, mutant);
      fuzz::Try(fuzz::Spliced(corpus[front], corpus[dice.Below(corpus.size())], dice));
    }
  }
}

}  // namespace
}  // namespace assay
