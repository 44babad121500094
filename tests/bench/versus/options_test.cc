#include "bench/versus/options.h"

#include <gtest/gtest.h>

#include "bench/harness/hey.h"

namespace assay::bench {
namespace {

Result<VersusOptions> Parse(std::vector<std::string_view> arguments) {
  return ParseVersusOptions(arguments);
}

std::string Refusal(std::vector<std::string_view> arguments) {
  const auto parsed = Parse(std::move(arguments));
  return parsed.ok() ? "accepted" : parsed.error().message;
}

TEST(VersusOptions, WithoutAnyMeasureWhatCanRunHere) {
  const VersusOptions options = Parse({}).value();
  EXPECT_EQ(options.rounds, 10);
  EXPECT_EQ(options.engines, DefaultContestants());
  EXPECT_EQ(options.servers, (std::vector<std::string>{"fixture", "nginx"}));
  EXPECT_EQ(options.concurrency, (std::vector<int>{32, 100}));
  EXPECT_EQ(options.wires, (std::vector{Wire::kPlain, Wire::kTls}));
  EXPECT_EQ(options.json_file, "");
  EXPECT_EQ(options.engines.front(), "async");
}

TEST(VersusOptions, AreTaken) {
  if (!WhyNoHey().empty()) GTEST_SKIP() << "hey: " << WhyNoHey();
  const VersusOptions options =
      Parse({"--rounds", "999", "--engines", "floor,sync,hey", "--servers", "nginx", "--tls", "on",
             "--concurrency", "1,1000", "--json", "x.json"})
          .value();
  EXPECT_EQ(options.rounds, 999);
  EXPECT_EQ(options.engines, (std::vector<std::string>{"floor", "sync", "hey"}));
  EXPECT_EQ(options.servers, (std::vector<std::string>{"nginx"}));
  EXPECT_EQ(options.concurrency, (std::vector<int>{1, 1000}));
  EXPECT_EQ(options.wires, std::vector{Wire::kTls});
  EXPECT_EQ(options.json_file, "x.json");
}

TEST(VersusOptions, AreRefusedByName) {
  EXPECT_EQ(Refusal({"--round", "1"}), "unknown option '--round'; see --help");
  EXPECT_EQ(Refusal({"--rounds"}), "--rounds needs a value");
  for (const char* wrong : {"0", "1000", "-1", "x", "1x", "", "99999999999"}) {
    EXPECT_EQ(Refusal({"--rounds", wrong}),
              "--rounds '" + std::string(wrong) + "' is not 1 to 999");
  }
  EXPECT_EQ(Refusal({"--concurrency", "32,0"}), "--concurrency '0' is not 1 to 1000");
  EXPECT_EQ(Refusal({"--concurrency", "1001"}), "--concurrency '1001' is not 1 to 1000");
  EXPECT_EQ(Refusal({"--servers", "apache"}), "--servers 'apache' is not fixture or nginx");
  EXPECT_EQ(Refusal({"--tls", "off,yes"}), "--tls 'yes' is not off or on");
  EXPECT_EQ(Parse({"--tls", "off"}).value().wires, std::vector{Wire::kPlain});
  EXPECT_EQ(Refusal({"--json", ""}), "--json needs a file name");
  const std::string engines = Refusal({"--engines", "async,ab"});
  EXPECT_TRUE(engines.starts_with("--engines 'ab' is not one of sync, threaded, async")) << engines;
  EXPECT_NE(engines.find(", floor"), std::string::npos) << engines;
  EXPECT_TRUE(engines.ends_with(", hey")) << engines;
}

TEST(VersusOptions, ContestantsAreEnginesAndPeers) {
  EXPECT_EQ(FindContestant("sync")->name, "sync");
  EXPECT_EQ(FindContestant("floor")->name, "floor");
  EXPECT_EQ(FindContestant("wrk"), nullptr);
  for (const UnavailableEngine& missing : UnavailableContestants()) {
    EXPECT_EQ(FindContestant(missing.name), nullptr);
    EXPECT_EQ(Refusal({"--engines", missing.name}),
              "--engines " + std::string(missing.name) + ": " + missing.reason);
  }
}

}  // namespace
}  // namespace assay::bench
