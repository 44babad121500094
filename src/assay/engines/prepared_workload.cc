#include "assay/engines/prepared_workload.h"

#include <stdexcept>

namespace assay {
namespace {

void RefuseTls(PreparedRequest& request) {
  if (!request.request->url.tls) return;
  request.refused = Error{ErrorCode::kInvalidRequest,
                          "url '" + request.url + "': this engine does not speak TLS, only http"};
}

}  // namespace

PreparedWorkload::PreparedWorkload(const Workload& workload, Pooling pooling, bool decode,
                                   OriginTable& origins, TlsSupport tls)
    : stop_(workload.stop) {
  if (workload.requests.empty()) throw std::invalid_argument("workload: no requests");
  if (!workload.count && !workload.duration) {
    throw std::invalid_argument("workload: neither count nor duration is set");
  }
  if (workload.drain_limit < Duration::zero()) {
    throw std::invalid_argument("workload: drain_limit " +
                                std::to_string(workload.drain_limit.count()) + " ns is below 0");
  }
  origins.ForgetFailures();
  items_.reserve(workload.requests.size());
  for (const Request& request : workload.requests) {
    items_.push_back(Prepare(request, pooling, decode, origins));
    if (tls == TlsSupport::kPlainOnly) RefuseTls(items_.back());
  }
  if (workload.count) count_ = *workload.count;
  if (workload.duration) duration_ = *workload.duration;
}

PreparedWorkload::PreparedWorkload(const PreparedWorkload& workload, std::uint64_t count)
    : count_(count), stop_(workload.stop_) {
  items_.push_back(ConnectOnly(workload.items_.front()));
}

const PreparedWorkload::Item* PreparedWorkload::Take(TimePoint now) noexcept {
  if (end_.Expired(now) || stop_.stop_requested()) return nullptr;
  const std::uint64_t ticket = taken_.fetch_add(1, std::memory_order_relaxed);
  return ticket < count_ ? &items_[ticket % items_.size()] : nullptr;
}

}  // namespace assay
