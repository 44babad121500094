#include "assay/engines/blocking_worker.h"

namespace assay {

void BlockingWorker::Run(PreparedWorkload& workload, const OriginTable& origins,
                         ResultWriter& writer) {
  static const Response kNoResponse;
  while (connections_.size() < origins.size())
    connections_.emplace_back(context_, options_.connection);

  const SteadyClock clock;
  TimePoint started = clock.Now();
  while (const PreparedWorkload::Item* item = workload.Take(started)) {
    if (item->refused) {
      writer.Write(*item, started, clock.Now(), kNoResponse, item->refused);
    } else {
      const Deadline deadline = Deadline::After(started, options_.connection.timeout);
      auto done = Perform(*item, *origins[item->origin], deadline);
      std::optional<Error> error;
      if (!done) error = std::move(done).error();
      const Response& response = connections_[item->origin].response();
      writer.Write(*item, started, clock.Now(), response, std::move(error));
    }
    started = clock.Now();  // what the sink cost belongs to no request
  }
}

Result<Done> BlockingWorker::Perform(const PreparedWorkload::Item& item, const Origin& origin,
                                     Deadline deadline) {
  BlockingConnection& connection = connections_[item.origin];
  if (!connection.open()) {
    ++connections_opened_;
    if (auto connected = connection.Connect(origin, deadline); !connected) return connected;
  }
  auto done = connection.Exchange(item.text, item.method, deadline);
  if (options_.pooling == Pooling::kNaive) connection.Close();
  return done;
}

}  // namespace assay
