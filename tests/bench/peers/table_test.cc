// The table in bench/peers/README.md says what the conformance suite spares a peer.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

std::string Row(std::string first, const auto& cells) {
  std::string row = "| " + std::move(first);
  for (const auto& cell : cells) row.append(" | ").append(cell);
  return row + " |\n";
}

// As README.md has to have it.
std::string Table() {
  std::vector<std::string_view> names;
  for (const PeerKind& kind : PeerKinds()) names.push_back(kind.engine.name);
  std::string table = Row("", names);
  table += Row("---", std::vector<std::string>(names.size(), "---"));
  for (const Feature feature : kFeatures) {
    std::vector<std::string_view> cells;
    for (const PeerKind& kind : PeerKinds()) cells.push_back(kind.Has(feature) ? "yes" : "no");
    table += Row(std::string(ToString(feature)), cells);
  }
  return table;
}

TEST(PeersTable, IsWhatTheListSays) {
  if (!UnavailablePeers().empty()) {
    GTEST_SKIP() << UnavailablePeers().front().name << ": " << UnavailablePeers().front().reason;
  }
  std::ifstream file(ASSAY_SOURCE_DIR "/bench/peers/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(Table()), std::string::npos) << "expected:\n" << Table();
}

TEST(PeersTable, EveryPeerIsBuiltOrMissingForAReason) {
  std::vector<std::string_view> names;
  for (const PeerKind& kind : PeerKinds()) names.push_back(kind.engine.name);
  for (const UnavailableEngine& missing : UnavailablePeers()) {
    names.push_back(missing.name);
    EXPECT_FALSE(missing.reason.empty()) << missing.name;
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"floor", "curl_easy", "curl_multi", "httplib"}));
}

}  // namespace
}  // namespace assay::bench
