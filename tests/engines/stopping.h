// A run on a thread of its own, which a test stops from outside.
#ifndef ASSAY_TESTS_ENGINES_STOPPING_H_
#define ASSAY_TESTS_ENGINES_STOPPING_H_

#include <iterator>
#include <latch>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/engines/conformance.h"
#include "tests/fixtures/open_files.h"

namespace assay {

class StoppedRun {
 public:
  StoppedRun(Engine& engine, std::vector<Request> requests, Duration drain_limit)
      : thread_([this, &engine, requests = std::move(requests), drain_limit] {
          summary_ = engine.Run({.requests = requests,
                                 .count = 1'000'000'000,
                                 .stop = source_.get_token(),
                                 .drain_limit = drain_limit},
                                got_);
        }) {}

  void RequestStop() { source_.request_stop(); }
  // Returns when the run is over.
  const Collector& Join() {
    thread_.join();
    EXPECT_EQ(got_.results.size(), summary_.requests);
    return got_;
  }
  const Collector& StopAndJoin() {
    RequestStop();
    return Join();
  }
  const RunSummary& summary() const { return summary_; }

 private:
  std::stop_source source_;
  Collector got_;
  RunSummary summary_;
  std::jthread thread_;
};

class StopConformance : public EngineConformance {
 protected:
  // How many results there are of which all were cancelled, `words` and the server first.
  static void ExpectAllCancelled(const Collector& got, const std::string& words,
                                 std::uint16_t port) {
    EXPECT_FALSE(got.results.empty());
    EXPECT_EQ(ExpectAllFail(got, ErrorCode::kCancelled),
              words + " 127.0.0.1:" + std::to_string(port) + ": cancelled");
  }
};

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_STOPPING_H_
