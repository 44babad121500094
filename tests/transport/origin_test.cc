#include "assay/transport/origin.h"

#include <gtest/gtest.h>

#include <sstream>

namespace assay {
namespace {

using Endpoint = boost::asio::ip::tcp::endpoint;

std::string Ordered(std::initializer_list<const char*> addresses) {
  std::vector<Endpoint> endpoints;
  for (const char* address : addresses) {
    endpoints.emplace_back(boost::asio::ip::make_address(address), std::uint16_t{80});
  }
  std::string text;
  for (const Endpoint& endpoint : InTurns(endpoints)) {
    text += endpoint.address().to_string() + " ";
  }
  return text;
}

TEST(Origin, TheFamiliesTakeTurnsAndTheResolversFirstBegins) {
  EXPECT_EQ(Ordered({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}), "::1 1.1.1.1 ::2 2.2.2.2 ::3 ");
  EXPECT_EQ(Ordered({"1.1.1.1", "::1", "::2"}), "1.1.1.1 ::1 ::2 ");
  EXPECT_EQ(Ordered({"::1", "1.1.1.1", "2.2.2.2", "3.3.3.3"}), "::1 1.1.1.1 2.2.2.2 3.3.3.3 ");
  EXPECT_EQ(Ordered({"1.1.1.1", "2.2.2.2"}), "1.1.1.1 2.2.2.2 ");
  EXPECT_EQ(Ordered({"::1", "1.1.1.1"}), "::1 1.1.1.1 ");
  EXPECT_EQ(Ordered({}), "");
}

TEST(Origin, OfAnAddressIsThatAddress) {
  const Origin origin = ResolveOrigin("::1", 8080, true).value();
  ASSERT_EQ(origin.endpoints.size(), 1u);
  EXPECT_EQ(origin.endpoints[0], Endpoint(boost::asio::ip::make_address("::1"), 8080));
  EXPECT_EQ(origin.authority, "::1:8080");
  EXPECT_TRUE(origin.tls);
}

}  // namespace
}  // namespace assay
