// The loop that the blocking engines share: take a request, carry it out, write.
//
// One worker for one thread. Internal to engines.
#ifndef ASSAY_ENGINES_BLOCKING_WORKER_H_
#define ASSAY_ENGINES_BLOCKING_WORKER_H_

#include "assay/engines/engines.h"
#include "assay/engines/result_writer.h"
#include "assay/transport/blocking_pool.h"

namespace assay {

// What the workers of an engine share.
struct BlockingParts {
  // Throws std::invalid_argument that names an option.
  explicit BlockingParts(const EngineOptions& options)
      : tls(options.connection.tls),
        warm_up(WarmUpConnections(options)),
        pool(*options.pool, options.pooling, tls, static_cast<std::size_t>(*options.concurrency)) {}

  OriginTable origins;
  TlsContext tls;
  int warm_up;
  BlockingPool pool;
};

class BlockingWorker {
 public:
  // `parts` outlive the worker; `number` is its own, from 0.
  BlockingWorker(BlockingParts& parts, const EngineOptions& options, ConnectionPool::Waiter number)
      : parts_(parts),
        number_(number),
        transaction_(options.connection, options.pooling, parts.origins) {}

  // Until the workload has nothing left.
  void Run(PreparedWorkload& workload, const Interrupt& interrupt, ResultWriter& writer);

  // Opens connections for the requests to come.
  void WarmUp(const PreparedWorkload& workload, const Interrupt& interrupt) {
    parts_.pool.WarmUp(transaction_, ConnectOnly(workload.first()), parts_.warm_up, interrupt);
  }

 private:
  BlockingParts& parts_;
  ConnectionPool::Waiter number_;
  Transaction transaction_;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_BLOCKING_WORKER_H_
