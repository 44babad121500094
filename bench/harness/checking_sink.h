// A sink that checks every answer of the fixture and counts what it saw.
#ifndef ASSAY_BENCH_HARNESS_CHECKING_SINK_H_
#define ASSAY_BENCH_HARNESS_CHECKING_SINK_H_

#include <cstdint>
#include <string>

#include "assay/http/result_sink.h"
#include "assay/measure/latency_histogram.h"
#include "bench/harness/fixture.h"

namespace assay::bench {

class CheckingSink : public ResultSink {
 public:
  enum class Depth {
    kBody,    // status and every byte: before the clock starts
    kLength,  // status and length: cheap enough for every timed request
  };

  // `body` is the right one.
  explicit CheckingSink(Depth depth, std::string body = FixtureBody());

  void Accept(const RequestResult& result, const Response& response) noexcept override;

  std::uint64_t seen() const noexcept { return seen_; }
  std::uint64_t wrong() const noexcept { return wrong_; }
  // What was wrong with the first wrong answer; empty if there was none.
  const std::string& first_wrong() const noexcept { return first_wrong_; }
  const LatencyHistogram& latency() const noexcept { return latency_; }  // of right answers
  // By the threads that delivered results, from the first result on.
  std::uint64_t allocations() const noexcept { return allocations_; }

 private:
  bool IsRight(const RequestResult& result, const Response& response) const noexcept;

  Depth depth_;
  std::string body_;
  std::uint64_t seen_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t allocations_ = 0;
  std::string first_wrong_;
  LatencyHistogram latency_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_CHECKING_SINK_H_
