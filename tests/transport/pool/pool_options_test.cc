#include "assay/transport/pool/pool_options.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace assay {
namespace {

std::string Refusal(const PoolOptions& options) {
  try {
    Validate(options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(PoolOptions, TheUsualOnesAndTheLimitsAreAccepted) {
  EXPECT_EQ(Refusal({}), "");
  EXPECT_EQ(Refusal({.max_connections = 1, .max_per_origin = 1, .max_idle = 0}), "");
  EXPECT_EQ(Refusal({.max_connections = 100'000, .max_per_origin = 100'000, .max_idle = 100'000}),
            "");
  EXPECT_EQ(Refusal({.idle_expiry = Duration(1), .check_after = Duration(0)}), "");
}

TEST(PoolOptions, WhatIsImpossibleIsNamed) {
  EXPECT_EQ(Refusal({.max_connections = 0}), "pool: max_connections 0 is not 1 to 100000");
  EXPECT_EQ(Refusal({.max_connections = 100'001}),
            "pool: max_connections 100001 is not 1 to 100000");
  EXPECT_EQ(Refusal({.max_per_origin = 0}), "pool: max_per_origin 0 is not 1 to 100");
  EXPECT_EQ(Refusal({.max_per_origin = 101}), "pool: max_per_origin 101 is not 1 to 100");
  EXPECT_EQ(Refusal({.max_connections = 7, .max_idle = 8}), "pool: max_idle 8 is not 0 to 7");
  EXPECT_EQ(Refusal({.max_idle = -1}), "pool: max_idle -1 is not 0 to 100");
  EXPECT_EQ(Refusal({.idle_expiry = Duration(0)}), "pool: idle_expiry 0 ns is not above 0");
  EXPECT_EQ(Refusal({.check_after = Duration(-1)}), "pool: check_after -1 ns is below 0");
}

}  // namespace
}  // namespace assay
