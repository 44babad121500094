#include <gtest/gtest.h>

#include "tools/regression/compare/conditions.h"

namespace assay::regression {
namespace {

using Lines = std::vector<std::string>;

Document With(const std::string& key, const std::string& value) {
  Document document;
  document.path = "r.json";
  if (!value.empty()) document.context = {{key, value}};
  return document;
}

TEST(Conditions, WhatForbidsAComparison) {
  for (const std::string key :
       {"host_name", "num_cpus", "cpu", "library_build_type", "build_type"}) {
    const Conditions found = CheckConditions({With(key, "a")}, {With(key, "b")});
    EXPECT_EQ(found.refusals, Lines{key + " differs: a (base), b (head)"});
    EXPECT_TRUE(found.warnings.empty());
  }
}

TEST(Conditions, WhatIsWorthAWarning) {
  for (const std::string key :
       {"library_version", "cpu_scaling_enabled", "aslr_enabled", "mhz_per_cpu", "compiler",
        "flags", "kernel", "governor", "fixture", "seed"}) {
    const Conditions found = CheckConditions({With(key, "a")}, {With(key, "b")});
    EXPECT_EQ(found.warnings, Lines{key + " differs: a (base), b (head)"});
    EXPECT_TRUE(found.refusals.empty());
  }
}

TEST(Conditions, ASideThatSaysNothingIsNoDifference) {
  EXPECT_TRUE(CheckConditions({With("cpu", "")}, {With("cpu", "b")}).refusals.empty());
  EXPECT_TRUE(CheckConditions({With("cpu", "a")}, {With("cpu", "")}).refusals.empty());
  EXPECT_TRUE(CheckConditions({With("cpu", "a")}, {With("cpu", "a")}).refusals.empty());
}

TEST(Conditions, DocumentsOfOneSideThatDifferAreReported) {
  const std::vector<Document> mixed = {With("cpu", "a"), With("cpu", "b")};
  EXPECT_EQ(CheckConditions(mixed, {With("cpu", "a")}).refusals,
            Lines{"cpu differs: a, b (base), a (head)"});
  EXPECT_EQ(CheckConditions(mixed, mixed).refusals.size(), 1u);
  EXPECT_EQ(CheckConditions({With("cpu", "a"), With("cpu", "")}, {With("cpu", "a")}).refusals,
            Lines{"cpu differs: a, unknown (base), a (head)"});
}

TEST(Conditions, SaysWhereFrequencyScalingWasOn) {
  const Document scaled = With("cpu_scaling_enabled", "true");
  EXPECT_EQ(CheckConditions({scaled}, {scaled}).warnings,
            (Lines(2, "r.json: CPU frequency scaling was enabled")));
  EXPECT_TRUE(CheckConditions({With("cpu_scaling_enabled", "false")},
                              {With("cpu_scaling_enabled", "false")})
                  .warnings.empty());
}

TEST(Conditions, PassesTheNotesOfTheReaderOnOnce) {
  Document noted = With("", "");
  noted.notes = {"1:1: odd", "2:1: odd"};
  Document other = noted;
  other.path = "s.json";
  EXPECT_EQ(
      CheckConditions({noted}, {noted, other}).warnings,
      (Lines{"r.json: 1:1: odd", "r.json: 2:1: odd", "s.json: 1:1: odd", "s.json: 2:1: odd"}));
}

TEST(Conditions, ThreadTimesChangedWith19) {
  const auto differ = [](const std::string& base, const std::string& head) {
    return CheckConditions({With("library_version", base)}, {With("library_version", head)})
        .thread_times_differ;
  };
  for (const char* old : {"", "v1.8.5", "v1.8", "1.8.4", "v0.9.1", "junk"}) {
    for (const char* recent : {"v1.9.0", "1.9.4", "v1.10", "v2.0.0"}) {
      EXPECT_TRUE(differ(old, recent)) << old << " " << recent;
      EXPECT_TRUE(differ(recent, old)) << old << " " << recent;
      EXPECT_FALSE(differ(recent, "v1.9.5"));
    }
    EXPECT_FALSE(differ(old, "v1.8.3")) << old;
  }
}

}  // namespace
}  // namespace assay::regression
