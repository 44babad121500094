// A workload made ready to run: every request as wire text, every origin
// resolved, and a dispenser that hands the requests out.
//
// Take() may be called from many threads at once; everything else belongs to the
// thread that runs the engine. Internal to engines: it includes Asio.
#ifndef ASSAY_ENGINES_PREPARED_WORKLOAD_H_
#define ASSAY_ENGINES_PREPARED_WORKLOAD_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "assay/core/deadline.h"
#include "assay/engines/workload.h"
#include "assay/transport/origin.h"
#include "assay/transport/pooling.h"

namespace assay {

// The origins that an engine has met; an index stays valid from run to run.
class OriginTable {
 public:
  std::size_t Index(const Url& url);

  // Looks up, once each, the origins that have no address yet.
  void Resolve();

  const Result<Origin>& operator[](std::size_t index) const { return entries_[index].origin; }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::string host;
    std::uint16_t port;
    bool tls;
    Result<Origin> origin;
  };
  std::vector<Entry> entries_;
};

// Does the engine speak TLS?
enum class TlsSupport { kPlainOnly, kTls };

class PreparedWorkload {
 public:
  struct Item {
    std::string url;
    Method method;
    std::string text;
    std::size_t origin;            // index into the OriginTable
    std::optional<Error> refused;  // set when it cannot be sent at all
    std::size_t index = 0;         // in the workload's requests
  };

  // Blocks while names are looked up. Throws std::invalid_argument as Engine::Run() says.
  // With kPlainOnly, requests to https URLs are refused.
  PreparedWorkload(const Workload& workload, Pooling pooling, OriginTable& origins,
                   TlsSupport tls = TlsSupport::kPlainOnly);

  // The workload's duration begins now.
  void Start(TimePoint now) noexcept { end_ = Deadline::After(now, duration_); }

  // The next request, null once a bound is reached.
  const Item* Take(TimePoint now) noexcept;

 private:
  std::vector<Item> items_;
  std::uint64_t count_ = std::numeric_limits<std::uint64_t>::max();
  Duration duration_ = Duration::max();
  Deadline end_ = Deadline::Never();
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace assay

#endif  // ASSAY_ENGINES_PREPARED_WORKLOAD_H_
