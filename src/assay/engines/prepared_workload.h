// A workload made ready to run: every request as wire text, every origin looked up,
// and a dispenser that hands the requests out.
//
// Take() may be called from many threads at once; everything else belongs to the
// thread that runs the engine. Internal to engines: it includes Asio.
#ifndef ASSAY_ENGINES_PREPARED_WORKLOAD_H_
#define ASSAY_ENGINES_PREPARED_WORKLOAD_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

#include "assay/core/deadline.h"
#include "assay/engines/workload.h"
#include "assay/transport/prepared_request.h"

namespace assay {

// Does the engine speak TLS?
enum class TlsSupport { kPlainOnly, kTls };

class PreparedWorkload {
 public:
  using Item = PreparedRequest;

  // Blocks while names are looked up. Throws std::invalid_argument as Engine::Run()
  // says. `workload` and `origins` outlive it. With kPlainOnly, requests to https URLs
  // are refused.
  PreparedWorkload(const Workload& workload, Pooling pooling, bool decode, OriginTable& origins,
                   TlsSupport tls = TlsSupport::kTls);

  // `count` connections to the origin of the first request of `workload`, which outlives it.
  PreparedWorkload(const PreparedWorkload& workload, std::uint64_t count);

  // The workload's duration begins now.
  void Start(TimePoint now) noexcept { end_ = Deadline::After(now, duration_); }

  // The next request, null once a bound is reached or a stop requested.
  const Item* Take(TimePoint now) noexcept;

  const PreparedRequest& first() const noexcept { return items_.front(); }

  // When the last request can start; Never() without a duration.
  Deadline end() const noexcept { return end_; }

  // Its place in the workload's requests.
  std::size_t IndexOf(const Item& item) const noexcept {
    return static_cast<std::size_t>(&item - items_.data());
  }

 private:
  std::vector<Item> items_;
  std::uint64_t count_ = std::numeric_limits<std::uint64_t>::max();
  Duration duration_ = Duration::max();
  std::stop_token stop_;
  Deadline end_ = Deadline::Never();
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace assay

#endif  // ASSAY_ENGINES_PREPARED_WORKLOAD_H_
