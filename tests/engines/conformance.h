// What every engine must do, whatever its name: the suite runs over
// EngineKinds() × pooling strategies, so a new engine is tested by its line in
// that list.
#ifndef ASSAY_TESTS_ENGINES_CONFORMANCE_H_
#define ASSAY_TESTS_ENGINES_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>

#include "assay/engines/engines.h"
#include "tests/engines/collector.h"

namespace assay {

class EngineConformance : public testing::TestWithParam<std::tuple<EngineKind, Pooling>> {
 protected:
  const EngineKind& kind() const { return std::get<0>(GetParam()); }
  Pooling pooling() const { return std::get<1>(GetParam()); }
  int concurrency() const { return std::min(4, kind().max_concurrency); }

  std::unique_ptr<Engine> MakeEngine(ConnectionOptions connection = {}) const {
    return kind().make(
        {.concurrency = concurrency(), .pooling = pooling(), .connection = connection});
  }

  // For tests that say which request comes after which.
  std::unique_ptr<Engine> MakeEngineForOneAtATime(ConnectionOptions connection = {}) const {
    return kind().make({.concurrency = 1, .pooling = pooling(), .connection = connection});
  }

  static Request Get(const std::string& url) {
    return {Method::kGet, Url::Parse(url).value(), {}, {}};
  }
  static Request Get(std::uint16_t port, const std::string& target = "/") {
    return {Method::kGet, Url{"127.0.0.1", port, target}, {}, {}};
  }

  // Runs `count` requests on a new engine and returns what arrived.
  Collector Run(const Request& request, std::uint64_t count, ConnectionOptions connection = {}) {
    Collector collector;
    summary_ = MakeEngine(connection)->Run({{request}, count, {}}, collector);
    EXPECT_EQ(summary_.requests, count);
    EXPECT_EQ(collector.results.size(), count);
    return collector;
  }

  // Every result has this error; returns the message of the first.
  static std::string ExpectAllFail(const Collector& collector, ErrorCode code) {
    for (const RequestResult& result : collector.results) {
      if (result.ok()) {
        ADD_FAILURE() << "no error, status " << result.status;
        return {};
      }
      EXPECT_EQ(ToString(result.error->code), ToString(code)) << result.error->message;
    }
    return collector.results.empty() ? "" : collector.results.front().error->message;
  }

  RunSummary summary_;
};

inline std::string ConformanceName(
    const testing::TestParamInfo<EngineConformance::ParamType>& info) {
  return std::string(std::get<0>(info.param).name) + "_" +
         std::string(ToString(std::get<1>(info.param)));
}

#define ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Suite)                                      \
  INSTANTIATE_TEST_SUITE_P(                                                           \
      AllEngines, Suite,                                                              \
      testing::Combine(testing::ValuesIn(EngineKinds().begin(), EngineKinds().end()), \
                       testing::Values(Pooling::kNaive, Pooling::kPooled)),           \
      ConformanceName)

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_CONFORMANCE_H_
