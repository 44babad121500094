// What happens to a connection after its response.
#ifndef ASSAY_TRANSPORT_POOLING_H_
#define ASSAY_TRANSPORT_POOLING_H_

#include <string_view>

namespace assay {

enum class Pooling {
  kNaive,   // one connection per request; the request says "Connection: close"
  kPooled,  // kept open for the next request to the same host and port
};

constexpr std::string_view ToString(Pooling pooling) noexcept {
  return pooling == Pooling::kNaive ? "naive" : "pooled";
}

}  // namespace assay

#endif  // ASSAY_TRANSPORT_POOLING_H_
