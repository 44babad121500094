// Works through a workload one request at a time: what the sync engine runs once
// and the threaded engine once for each thread.
//
// Not thread-safe. Internal to engines: it includes Asio.
#ifndef ASSAY_ENGINES_BLOCKING_WORKER_H_
#define ASSAY_ENGINES_BLOCKING_WORKER_H_

#include <deque>

#include "assay/engines/result_writer.h"
#include "assay/transport/blocking_connection.h"

namespace assay {

class BlockingWorker {
 public:
  // `context` and `tls` outlive the worker.
  BlockingWorker(BlockingContext& context, TlsContext& tls, const EngineOptions& options)
      : context_(context), tls_(tls), options_(options), timer_(options.connection) {}

  // Until the workload has nothing left.
  void Run(PreparedWorkload& workload, const OriginTable& origins, ResultWriter& writer);

  // Since construction.
  std::uint64_t connections_opened() const noexcept { return connections_opened_; }

 private:
  Result<Done> Perform(const PreparedWorkload::Item& item, const Origin& origin, TimePoint started);

  BlockingContext& context_;
  TlsContext& tls_;
  EngineOptions options_;
  PhaseTimer timer_;
  std::deque<BlockingConnection> connections_;  // by origin index
  std::uint64_t connections_opened_ = 0;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_BLOCKING_WORKER_H_
