#include "assay/transport/pool/connection_pool.h"

#include <algorithm>

namespace assay {

ConnectionPool::ConnectionPool(const PoolOptions& options)
    : options_(options), max_per_origin_(options.max_per_origin.value_or(options.max_connections)) {
  Validate(options);
}

std::optional<ConnectionPool::Lease> ConnectionPool::Acquire(std::size_t origin, Waiter waiter,
                                                             TimePoint now) {
  if (origin >= origins_.size()) origins_.resize(origin + 1);
  if (!origins_[origin].idle.empty()) return LeaseIdle(origin, now);
  const auto most = static_cast<std::size_t>(options_.max_connections);
  const bool place = !free_.empty() || connections_.size() < most || !idle_.empty();
  if (place && HasRoom(origin)) return LeaseNew(origin);

  if (waiter >= waiting_.size()) waiting_.resize(waiter + 1);
  waiting_[waiter] = {.origin = origin, .queued = true};
  queue_links_.Append(queue_, waiter);
  ++stats_.waited;
  return std::nullopt;
}

bool ConnectionPool::HasRoom(std::size_t origin) const {
  return origins_[origin].connections < max_per_origin_;
}

bool ConnectionPool::Expired(Place place, TimePoint now) const {
  return now - connections_[place].idle_since >= options_.idle_expiry;
}

ConnectionPool::Lease ConnectionPool::LeaseIdle(std::size_t origin, TimePoint now) {
  const IndexList& idle = origins_[origin].idle;
  // Behind an expired one there may be one that is not.
  const bool oldest = options_.order == PoolOrder::kFifo && !Expired(idle.first, now);
  const Place place = oldest ? idle.first : idle.last;
  Unidle(place);
  if (Expired(place, now)) {
    ++stats_.expired;
    Leave(place);
    return LeaseNew(origin);
  }
  ++stats_.reused;
  const Duration idle_for = now - connections_[place].idle_since;
  return {.place = place, .connected = true, .check = idle_for >= options_.check_after};
}

// There is room.
ConnectionPool::Lease ConnectionPool::LeaseNew(std::size_t origin) {
  if (free_.empty() && connections_.size() < static_cast<std::size_t>(options_.max_connections)) {
    free_.push_back(static_cast<Place>(connections_.size()));
    connections_.emplace_back();
  }
  if (free_.empty()) {
    const Place oldest = idle_.first;
    Unidle(oldest);
    Leave(oldest);
    ++stats_.for_other_origin;
  }
  const Place place = free_.back();
  free_.pop_back();
  return Begin(place, origin);
}

// Of a place that is nobody's.
ConnectionPool::Lease ConnectionPool::Begin(Place place, std::size_t origin) {
  connections_[place] = {.origin = origin};
  ++origins_[origin].connections;
  ++stats_.opened;
  const int open = static_cast<int>(connections_.size() - free_.size());
  stats_.peak_connections = std::max(stats_.peak_connections, open);
  return {.place = place};
}

bool ConnectionPool::Abandon(Waiter waiter) {
  if (waiter >= waiting_.size() || !waiting_[waiter].queued) return false;
  waiting_[waiter].queued = false;
  queue_links_.Remove(queue_, waiter);
  return true;
}

ConnectionPool::Released ConnectionPool::Release(Place place, bool reusable, TimePoint now) {
  Connection& connection = connections_[place];
  ++connection.requests;
  if (reusable && options_.max_requests > 0 && connection.requests >= options_.max_requests) {
    reusable = false;
    ++stats_.worn_out;
  }
  if (const auto grant = GrantTo(place, reusable)) return {.grant = grant};
  if (!reusable) {
    Leave(place);
    return {.close = place};
  }
  connection.idle_since = now;
  ++idle_count_;
  idle_links_.Append(idle_, place);
  origin_idle_links_.Append(origins_[connection.origin].idle, place);
  if (idle_count_ <= options_.max_idle) return {};
  const Place oldest = idle_.first;
  Unidle(oldest);
  Leave(oldest);
  ++stats_.over_idle_limit;
  return {.close = oldest};
}

// To the first who may have it. Only a lease that ends can be for somebody in the queue: whoever
// could do with an idle connection, or with its place, got that when they asked.
std::optional<ConnectionPool::Grant> ConnectionPool::GrantTo(Place place, bool reusable) {
  const std::size_t origin = connections_[place].origin;
  for (Waiter waiter = queue_.first; waiter != IndexList::kNone;
       waiter = queue_links_.Next(waiter)) {
    const std::size_t wanted = waiting_[waiter].origin;
    if (wanted != origin && !HasRoom(wanted)) continue;
    Abandon(waiter);
    if (wanted == origin && reusable) {
      ++stats_.reused;
      const bool check = options_.check_after == Duration::zero();  // it was idle for no time
      return Grant{.waiter = waiter, .lease = {.place = place, .connected = true, .check = check}};
    }
    if (reusable) ++stats_.for_other_origin;
    --origins_[origin].connections;
    return Grant{.waiter = waiter, .lease = Begin(place, wanted)};
  }
  return std::nullopt;
}

void ConnectionPool::Reopen(Place place) {
  connections_[place].requests = 0;
  --stats_.reused;
  ++stats_.opened;
  ++stats_.found_closed;
}

std::optional<ConnectionPool::Place> ConnectionPool::Expire(TimePoint now) {
  if (idle_.empty() || !Expired(idle_.first, now)) return std::nullopt;
  const Place place = idle_.first;
  Unidle(place);
  Leave(place);
  ++stats_.expired;
  return place;
}

void ConnectionPool::Unidle(Place place) {
  --idle_count_;
  idle_links_.Remove(idle_, place);
  origin_idle_links_.Remove(origins_[connections_[place].origin].idle, place);
}

void ConnectionPool::Leave(Place place) {
  --origins_[connections_[place].origin].connections;
  free_.push_back(place);
}

}  // namespace assay
