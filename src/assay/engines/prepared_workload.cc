#include "assay/engines/prepared_workload.h"

#include <stdexcept>

#include "assay/transport/request_text.h"

namespace assay {
namespace {

PreparedWorkload::Item Prepare(const Request& request, Pooling pooling, OriginTable& origins,
                               TlsSupport tls) {
  PreparedWorkload::Item item{
      request.url.ToString(), request.method, {}, origins.Index(request.url), {}, 0};
  auto text = RequestText(request, pooling);
  if (text.ok()) {
    item.text = std::move(*text);
  } else {
    item.refused = std::move(text).error();
  }
  if (request.url.tls && tls == TlsSupport::kPlainOnly) {
    item.refused = Error{ErrorCode::kInvalidRequest,
                         "url '" + item.url + "': this engine does not speak TLS, only http"};
  }
  return item;
}

}  // namespace

std::size_t OriginTable::Index(const Url& url) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (entry.host == url.host && entry.port == url.port && entry.tls == url.tls) return i;
  }
  entries_.push_back(
      {url.host, url.port, url.tls, Error{ErrorCode::kResolveFailed, "not looked up yet"}});
  return entries_.size() - 1;
}

void OriginTable::Resolve() {
  for (Entry& entry : entries_) {
    if (!entry.origin) entry.origin = ResolveOrigin(entry.host, entry.port, entry.tls);
  }
}

PreparedWorkload::PreparedWorkload(const Workload& workload, Pooling pooling, OriginTable& origins,
                                   TlsSupport tls) {
  if (workload.requests.empty()) throw std::invalid_argument("workload: no requests");
  if (!workload.count && !workload.duration) {
    throw std::invalid_argument("workload: neither count nor duration is set");
  }
  for (const Request& request : workload.requests) {
    items_.push_back(Prepare(request, pooling, origins, tls));
    items_.back().index = items_.size() - 1;
  }
  origins.Resolve();
  for (Item& item : items_) {
    if (const auto& origin = origins[item.origin]; !origin && !item.refused) {
      item.refused = origin.error();
    }
  }
  if (workload.count) count_ = *workload.count;
  if (workload.duration) duration_ = *workload.duration;
}

const PreparedWorkload::Item* PreparedWorkload::Take(TimePoint now) noexcept {
  if (end_.Expired(now)) return nullptr;
  const std::uint64_t ticket = taken_.fetch_add(1, std::memory_order_relaxed);
  return ticket < count_ ? &items_[ticket % items_.size()] : nullptr;
}

}  // namespace assay
