#include "assay/transport/pool/connection_pool.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using std::chrono::seconds;
using Place = ConnectionPool::Place;
using Lease = ConnectionPool::Lease;
using Grant = ConnectionPool::Grant;
using Released = ConnectionPool::Released;

constexpr TimePoint kStart{};
constexpr Lease New(Place place) { return {.place = place}; }
constexpr Lease Open(Place place) { return {.place = place, .connected = true}; }
constexpr Released Closed(Place place) { return {.close = place}; }
constexpr Released Granted(std::uint32_t waiter, Lease lease) {
  return {.grant = Grant{.waiter = waiter, .lease = lease}};
}

// `count` leases of origin 0, which all end now: idle in the order of their places.
void Fill(ConnectionPool& pool, std::uint32_t count, TimePoint now = kStart) {
  for (Place place = 0; place < count; ++place) EXPECT_EQ(pool.Acquire(0, 0, now), New(place));
  for (Place place = 0; place < count; ++place) {
    EXPECT_EQ(pool.Release(place, true, now), Released{});
  }
}

TEST(ConnectionPool, AConnectionIsUsedAgain) {
  ConnectionPool pool({});
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(0));
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  EXPECT_EQ(pool.Acquire(0, 0, kStart), Open(0));
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(1));
  EXPECT_EQ(pool.stats(), (PoolStats{.opened = 2, .reused = 1, .peak_connections = 2}));
}

TEST(ConnectionPool, OneThatMayNotBeUsedAgainIsClosedAndItsPlaceTakenFirst) {
  ConnectionPool pool({});
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(0));
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(1));
  EXPECT_EQ(pool.Release(0, false, kStart), Closed(0));
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(0));
  EXPECT_EQ(pool.stats().evicted(), 0u);
  EXPECT_EQ(pool.stats().peak_connections, 2);
}

TEST(ConnectionPool, TheOrderIsAsChosen) {
  ConnectionPool lifo({.order = PoolOrder::kLifo}), fifo({.order = PoolOrder::kFifo});
  Fill(lifo, 3);
  Fill(fifo, 3);
  for (const Place place : {2u, 1u, 0u}) EXPECT_EQ(lifo.Acquire(0, 0, kStart), Open(place));
  for (const Place place : {0u, 1u, 2u}) EXPECT_EQ(fifo.Acquire(0, 0, kStart), Open(place));
}

TEST(ConnectionPool, AnIdleConnectionServesItsOriginOnly) {
  ConnectionPool pool({});
  Fill(pool, 2);
  EXPECT_EQ(pool.Acquire(3, 0, kStart), New(2));
  EXPECT_EQ(pool.Release(2, true, kStart), Released{});
  EXPECT_EQ(pool.Acquire(0, 0, kStart), Open(1));
  EXPECT_EQ(pool.Acquire(3, 0, kStart), Open(2));
}

TEST(ConnectionPool, WhereAllPlacesAreTakenTheLongestIdleGoes) {
  ConnectionPool pool({.max_connections = 2, .max_idle = 2});
  Fill(pool, 2);
  EXPECT_EQ(pool.Acquire(1, 0, kStart), New(0));
  EXPECT_EQ(pool.stats().for_other_origin, 1u);
  EXPECT_EQ(pool.Acquire(0, 0, kStart), Open(1));
}

TEST(ConnectionPool, MoreThanTheMostIdleAreClosedTheLongestIdleFirst) {
  ConnectionPool pool({.max_idle = 2});
  for (Place place = 0; place < 3; ++place) pool.Acquire(place, 0, kStart);
  EXPECT_EQ(pool.Release(1, true, kStart), Released{});
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  EXPECT_EQ(pool.Release(2, true, kStart), Closed(1));
  EXPECT_EQ(pool.stats().over_idle_limit, 1u);
  EXPECT_EQ(pool.Acquire(1, 0, kStart), New(1));
}

TEST(ConnectionPool, OneThatIsUsedAgainAndAgainIsIdleOnlyOnce) {
  ConnectionPool pool({.max_idle = 1});
  pool.Acquire(0, 0, kStart);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pool.Release(0, true, kStart), Released{});
    EXPECT_EQ(pool.Acquire(0, 0, kStart), Open(0));
  }
}

TEST(ConnectionPool, WithoutIdleConnectionsEachIsClosed) {
  ConnectionPool pool({.max_idle = 0});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Release(0, true, kStart), Closed(0));
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(0));
}

TEST(ConnectionPool, WhoFindsNoPlaceGetsTheNextFirstComeFirstServed) {
  ConnectionPool pool({.max_connections = 1, .max_idle = 1});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Acquire(0, 7, kStart), std::nullopt);
  EXPECT_EQ(pool.Acquire(0, 3, kStart), std::nullopt);
  EXPECT_EQ(pool.Release(0, true, kStart), Granted(7, Open(0)));
  EXPECT_EQ(pool.Release(0, false, kStart), Granted(3, New(0)));
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  const PoolStats expected{.opened = 2, .reused = 1, .waited = 2, .peak_connections = 1};
  EXPECT_EQ(pool.stats(), expected);
}

TEST(ConnectionPool, AWaiterOfAnotherOriginGetsThePlaceAnew) {
  ConnectionPool pool({.max_connections = 1, .max_per_origin = 1, .max_idle = 1});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Acquire(1, 1, kStart), std::nullopt);
  EXPECT_EQ(pool.Release(0, true, kStart), Granted(1, New(0)));
  EXPECT_EQ(pool.stats().for_other_origin, 1u);
  EXPECT_EQ(pool.Acquire(0, 2, kStart), std::nullopt);
  EXPECT_EQ(pool.Release(0, false, kStart), Granted(2, New(0)));
  EXPECT_EQ(pool.stats().for_other_origin, 1u);
}

TEST(ConnectionPool, AnOriginAtItsLimitWaitsAndOthersDoNot) {
  ConnectionPool pool({.max_connections = 4, .max_per_origin = 2, .max_idle = 4});
  pool.Acquire(0, 0, kStart);
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Acquire(0, 1, kStart), std::nullopt);
  EXPECT_EQ(pool.Acquire(1, 0, kStart), New(2));
  EXPECT_EQ(pool.Acquire(2, 0, kStart), New(3));
  EXPECT_EQ(pool.Acquire(2, 2, kStart), std::nullopt);
  // The first who may have it: waiter 1's origin has no room for another one.
  EXPECT_EQ(pool.Release(2, true, kStart), Granted(2, New(2)));
  EXPECT_EQ(pool.Release(1, false, kStart), Granted(1, New(1)));
}

TEST(ConnectionPool, APlaceThatChangesHandsCountsForItsNewOrigin) {
  ConnectionPool pool({.max_connections = 2, .max_per_origin = 1, .max_idle = 2});
  pool.Acquire(0, 0, kStart);
  pool.Acquire(1, 0, kStart);
  EXPECT_EQ(pool.Acquire(2, 5, kStart), std::nullopt);
  EXPECT_EQ(pool.Release(0, true, kStart), Granted(5, New(0)));
  EXPECT_EQ(pool.Acquire(0, 6, kStart), std::nullopt);  // no place, but room
  EXPECT_EQ(pool.Release(1, true, kStart), Granted(6, New(1)));
  EXPECT_EQ(pool.Acquire(2, 7, kStart), std::nullopt);
  EXPECT_EQ(pool.Release(1, true, kStart), Released{});  // 7's origin is at its limit
}

TEST(ConnectionPool, WhoGivesUpIsPassedOver) {
  ConnectionPool pool({.max_connections = 1, .max_idle = 1});
  EXPECT_FALSE(pool.Abandon(4));
  pool.Acquire(0, 0, kStart);
  for (const std::uint32_t waiter : {4u, 2u, 9u}) pool.Acquire(0, waiter, kStart);
  EXPECT_TRUE(pool.Abandon(4));
  EXPECT_FALSE(pool.Abandon(4));
  EXPECT_EQ(pool.Release(0, true, kStart), Granted(2, Open(0)));
  EXPECT_FALSE(pool.Abandon(2));
  EXPECT_TRUE(pool.Abandon(9));
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
}

TEST(ConnectionPool, AnExpiredConnectionIsNeverLeased) {
  for (const PoolOrder order : {PoolOrder::kLifo, PoolOrder::kFifo}) {
    ConnectionPool pool({.idle_expiry = seconds(10), .check_after = seconds(60), .order = order});
    Fill(pool, 1);
    EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(10) - Duration(1)), Open(0));
    pool.Release(0, true, kStart);
    EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(10)), New(0));
    EXPECT_EQ(pool.stats(),
              (PoolStats{.opened = 2, .reused = 1, .expired = 1, .peak_connections = 1}));
  }
}

TEST(ConnectionPool, BehindAnExpiredOneAFreshOneIsFound) {
  ConnectionPool pool(
      {.idle_expiry = seconds(10), .check_after = seconds(60), .order = PoolOrder::kFifo});
  Fill(pool, 2);
  EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(5)), Open(0));
  EXPECT_EQ(pool.Release(0, true, kStart + seconds(5)), Released{});
  EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(10)), Open(0));
}

TEST(ConnectionPool, ExpiryClosesTheLongestIdleOnes) {
  ConnectionPool pool({.idle_expiry = seconds(10)});
  pool.Acquire(0, 0, kStart);
  pool.Acquire(1, 0, kStart);
  pool.Acquire(1, 0, kStart);
  pool.Release(1, true, kStart);
  pool.Release(0, true, kStart + seconds(1));
  pool.Release(2, true, kStart + seconds(2));
  EXPECT_EQ(pool.Expire(kStart + seconds(10) - Duration(1)), std::nullopt);
  EXPECT_EQ(pool.Expire(kStart + seconds(11)), 1u);
  EXPECT_EQ(pool.Expire(kStart + seconds(11)), 0u);
  EXPECT_EQ(pool.Expire(kStart + seconds(11)), std::nullopt);
  EXPECT_EQ(pool.stats().expired, 2u);
  EXPECT_EQ(pool.Acquire(1, 0, kStart + seconds(11)), (Lease{2, true, true}));
  EXPECT_EQ(pool.Acquire(1, 0, kStart + seconds(11)), New(0));
}

TEST(ConnectionPool, OneThatWasIdleForLongIsToBeChecked) {
  ConnectionPool pool({.check_after = seconds(2)});
  Fill(pool, 1);
  EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(2) - Duration(1)), Open(0));
  pool.Release(0, true, kStart);
  EXPECT_EQ(pool.Acquire(0, 0, kStart + seconds(2)), (Lease{0, true, true}));
  pool.Reopen(0);
  EXPECT_EQ(pool.stats(),
            (PoolStats{.opened = 2, .reused = 1, .found_closed = 1, .peak_connections = 1}));
}

TEST(ConnectionPool, AConnectionIsWornOutAfterItsRequests) {
  ConnectionPool pool({.check_after = Duration(0), .max_requests = 2});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  pool.Acquire(0, 0, kStart);
  pool.Reopen(0);
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Release(0, true, kStart), Closed(0));
  EXPECT_EQ(pool.stats().worn_out, 1u);
  EXPECT_EQ(pool.Acquire(0, 0, kStart), New(0));
  EXPECT_EQ(pool.Release(0, true, kStart), Released{});
  pool.Acquire(0, 0, kStart);
  EXPECT_EQ(pool.Release(0, false, kStart), Closed(0));
  EXPECT_EQ(pool.stats().worn_out, 1u);  // it had failed anyway
}

TEST(ConnectionPool, AWornOutOneIsMadeAnewForWhoWaits) {
  ConnectionPool pool({.max_connections = 1, .max_idle = 1, .max_requests = 1});
  pool.Acquire(0, 0, kStart);
  pool.Acquire(0, 1, kStart);
  EXPECT_EQ(pool.Release(0, true, kStart), Granted(1, New(0)));
  EXPECT_EQ(pool.stats().worn_out, 1u);
  EXPECT_EQ(pool.stats().for_other_origin, 0u);
}

TEST(ConnectionPool, ImpossibleOptionsAreRefused) {
  EXPECT_THROW(ConnectionPool({.max_connections = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace assay
