#include "assay/engines/prepared_workload.h"

#include <stdexcept>

#include "assay/transport/request_text.h"

namespace assay {
namespace {

PreparedWorkload::Item Prepare(const Request& request, Pooling pooling, OriginTable& origins) {
  PreparedWorkload::Item item{request.url.ToString(), request.method, {}, 0, {}};
  auto text = RequestText(request, pooling);
  if (!text) {
    item.refused = std::move(text).error();
    return item;
  }
  item.text = std::move(*text);
  item.origin = origins.Index(request.url);
  if (const auto& origin = origins[item.origin]; !origin) item.refused = origin.error();
  return item;
}

}  // namespace

std::size_t OriginTable::Index(const Url& url) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.host != url.host || entry.port != url.port) continue;
    if (!entry.origin) entry.origin = ResolveOrigin(url.host, url.port);
    return i;
  }
  entries_.push_back({url.host, url.port, ResolveOrigin(url.host, url.port)});
  return entries_.size() - 1;
}

PreparedWorkload::PreparedWorkload(const Workload& workload, Pooling pooling, OriginTable& origins,
                                   TimePoint now) {
  if (workload.requests.empty()) throw std::invalid_argument("workload: no requests");
  if (!workload.count && !workload.duration) {
    throw std::invalid_argument("workload: neither count nor duration is set");
  }
  for (const Request& request : workload.requests) {
    items_.push_back(Prepare(request, pooling, origins));
  }
  if (workload.count) count_ = *workload.count;
  if (workload.duration) end_ = Deadline::After(now, *workload.duration);
}

const PreparedWorkload::Item* PreparedWorkload::Take(TimePoint now) noexcept {
  if (end_.Expired(now)) return nullptr;
  const std::uint64_t ticket = taken_.fetch_add(1, std::memory_order_relaxed);
  return ticket < count_ ? &items_[ticket % items_.size()] : nullptr;
}

}  // namespace assay
