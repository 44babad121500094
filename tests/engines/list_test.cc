// The list of engines: what is in it, and what is left out for a reason.
#include <gtest/gtest.h>

#include "assay/engines/engines.h"

namespace assay {
namespace {

TEST(EngineList, NamesEveryEngineOnceAsAvailableOrNot) {
  std::vector<std::string_view> names;
  for (const EngineKind& kind : EngineKinds()) names.push_back(kind.name);
  for (const UnavailableEngine& missing : UnavailableEngines()) names.push_back(missing.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"sync", "threaded", "async", "uring"}));
}

TEST(EngineList, FindsWhatIsAvailableAndNothingElse) {
  for (const EngineKind& kind : EngineKinds()) EXPECT_EQ(FindEngine(kind.name), &kind);
  for (const UnavailableEngine& missing : UnavailableEngines()) {
    EXPECT_EQ(FindEngine(missing.name), nullptr);
  }
  EXPECT_EQ(FindEngine("no_such_engine"), nullptr);
}

TEST(EngineList, SaysWhatIsMissingAndAnUnavailableEngineThrows) {
  if (UnavailableEngines().empty()) GTEST_SKIP() << "all engines can run here";
  for (const UnavailableEngine& missing : UnavailableEngines()) {
    EXPECT_FALSE(missing.reason.empty()) << missing.name;
    GTEST_LOG_(INFO) << missing.name << " skipped: " << missing.reason;
  }
  EXPECT_THROW(MakeUringEngine({}), std::runtime_error);
}

}  // namespace
}  // namespace assay
