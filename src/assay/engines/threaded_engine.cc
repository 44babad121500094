// `concurrency` threads, each blocking on a connection of its own.
//
// The threads live for one run; starting one costs some 20 µs, against runs of
// thousands of requests. One lock guards the sink, held while it accepts.

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "assay/engines/blocking_worker.h"
#include "assay/engines/engines.h"

namespace assay {
namespace {

class LockedSink : public ResultSink {
 public:
  explicit LockedSink(ResultSink& sink) : sink_(sink) {}
  void Accept(const RequestResult& result, const Response& response) noexcept override {
    const std::lock_guard lock(mutex_);
    sink_.Accept(result, response);
  }

 private:
  std::mutex mutex_;
  ResultSink& sink_;
};

class ThreadedEngine : public Engine {
 public:
  explicit ThreadedEngine(const EngineOptions& options) : pooling_(options.pooling) {
    for (int i = 0; i < options.concurrency; ++i) workers_.emplace_back(context_, options);
  }

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const TimePoint started = clock.Now();
    PreparedWorkload prepared(workload, pooling_, origins_, started);
    LockedSink locked(sink);
    std::vector<RunSummary> parts(workers_.size());
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        threads.emplace_back([&, i] { parts[i] = RunWorker(workers_[i], prepared, locked); });
      }
    }  // joined here

    RunSummary total;
    for (const RunSummary& part : parts) {
      total.requests += part.requests;
      total.failed += part.failed;
      total.connections_opened += part.connections_opened;
      total.cpu += part.cpu;
    }
    total.elapsed = clock.Now() - started;
    return total;
  }

 private:
  RunSummary RunWorker(BlockingWorker& worker, PreparedWorkload& prepared, ResultSink& sink) {
    const std::uint64_t opened_before = worker.connections_opened();
    ResultWriter writer(sink);
    worker.Run(prepared, origins_, writer);
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = worker.connections_opened() - opened_before,
            .elapsed = {},
            .cpu = CpuTime()};  // the thread has done nothing else
  }

  Pooling pooling_;
  OriginTable origins_;
  boost::asio::io_context context_;
  std::deque<BlockingWorker> workers_;
};

}  // namespace

std::unique_ptr<Engine> MakeThreadedEngine(const EngineOptions& options) {
  ValidateFor("threaded", options);
  return std::make_unique<ThreadedEngine>(options);
}

}  // namespace assay
