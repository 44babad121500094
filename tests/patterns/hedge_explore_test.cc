#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "assay/patterns/hedge/hedge.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

TEST(Winner, ThereIsExactlyOneInEveryOrderOfThreads) {
  const explore::Report report = explore::Explore([] {
    struct Shared {
      BasicWinner<explore::ExploredThreads> winner{};
      bool won[3] = {};
    };
    auto shared = std::make_shared<Shared>();
    explore::Scenario scenario;
    for (int i = 0; i < 3; ++i) {
      scenario.threads.push_back([shared, i] { shared->won[i] = shared->winner.Claim(i); });
    }
    scenario.check = [shared]() -> std::string {
      if (shared->won[0] + shared->won[1] + shared->won[2] != 1) return "not exactly one";
      return shared->won[*shared->winner.Get()] ? "" : "another one";
    };
    return scenario;
  });
  explore::ExpectSound(report, 6);
}

}  // namespace
}  // namespace assay
