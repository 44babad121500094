#include "bench/harness/checking_sink.h"

#include <utility>

#include "bench/harness/allocations.h"

namespace assay::bench {

CheckingSink::CheckingSink(Depth depth, std::string body) : depth_(depth), body_(std::move(body)) {
  TakeAllocations();  // what this thread did before is not the engine's
}

void CheckingSink::Accept(const RequestResult& result, const Response& response) noexcept {
  ++seen_;
  allocations_ += TakeAllocations();
  if (IsRight(result, response)) {
    latency_.Record(result.latency);
    return;
  }
  ++wrong_;
  if (!first_wrong_.empty()) return;
  first_wrong_ = result.error ? result.error->message
                              : "status " + std::to_string(result.status) + " with a body of " +
                                    std::to_string(response.body.size()) + " bytes";
}

bool CheckingSink::IsRight(const RequestResult& result, const Response& response) const noexcept {
  if (!result.ok() || result.status != 200) return false;
  return depth_ == Depth::kBody ? response.body == body_ : response.body.size() == body_.size();
}

}  // namespace assay::bench
