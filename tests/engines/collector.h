// A sink that keeps everything, for tests.
#ifndef ASSAY_TESTS_ENGINES_COLLECTOR_H_
#define ASSAY_TESTS_ENGINES_COLLECTOR_H_

#include <string>
#include <vector>

#include "assay/http/result_sink.h"

namespace assay {

struct Collector : ResultSink {
  void Accept(const RequestResult& result, const Response& response) noexcept override {
    results.push_back(result);
    bodies.push_back(response.body);
  }

  std::vector<RequestResult> results;
  std::vector<std::string> bodies;  // by index into `results`
};

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_COLLECTOR_H_
