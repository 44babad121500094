#include "assay/engines/blocking_worker.h"

namespace assay {

void BlockingWorker::Run(PreparedWorkload& workload, const OriginTable& origins,
                         ResultWriter& writer) {
  static const Response kNoResponse;
  while (connections_.size() < origins.size()) {
    connections_.emplace_back(context_, options_.connection, tls_);
  }

  const SteadyClock clock;
  TimePoint started = clock.Now();
  while (const PreparedWorkload::Item* item = workload.Take(started)) {
    if (item->refused) {
      writer.Write(*item, started, started, kNoResponse, item->refused);
    } else {
      auto done = Perform(*item, *origins[item->origin], started);
      std::optional<Error> error;
      if (!done) error = std::move(done).error();
      if (error) timer_.Finish(clock.Now());
      const Response& response = connections_[item->origin].response();
      writer.Write(*item, started, timer_.now(), response, std::move(error), timer_.phases());
    }
    started = clock.Now();  // what the sink cost belongs to no request
  }
}

Result<Done> BlockingWorker::Perform(const PreparedWorkload::Item& item, const Origin& origin,
                                     TimePoint started) {
  BlockingConnection& connection = connections_[item.origin];
  timer_.Start(connection.open() ? Phase::kSend : Phase::kConnect, started);
  if (!connection.open()) {
    ++connections_opened_;
    if (auto connected = connection.Connect(origin, timer_); !connected) return connected;
  }
  auto done = connection.Exchange(item.text, item.method, timer_);
  if (options_.pooling == Pooling::kNaive) connection.Close();
  return done;
}

}  // namespace assay
