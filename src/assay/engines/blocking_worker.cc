#include "assay/engines/blocking_worker.h"

namespace assay {

void BlockingWorker::Run(PreparedWorkload& workload, const Interrupt& interrupt,
                         ResultWriter& writer) {
  const SteadyClock clock;
  TimePoint started = clock.Now();
  while (const PreparedRequest* request = workload.Take(started)) {
    parts_.pool.Perform(transaction_, *request, started, number_, interrupt);
    writer.Write(*request, started, transaction_);
    started = clock.Now();  // what the sink cost belongs to no request
  }
}

}  // namespace assay
