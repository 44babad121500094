// A MockServer for 24 connections at once, which is more than one engine here has: each is a
// thread, and under sanitizers to begin and end 128 of them takes as long as most tests.
#ifndef ASSAY_TESTS_ENGINES_SMALL_SERVER_H_
#define ASSAY_TESTS_ENGINES_SMALL_SERVER_H_

#include <utility>

#include "assay/fixture/server/mock_server.h"

namespace assay {

class SmallServer : public fixture::MockServer {
 public:
  explicit SmallServer(fixture::MockServerOptions options = {})
      : MockServer(WithFewThreads(std::move(options))) {}

 private:
  static fixture::MockServerOptions WithFewThreads(fixture::MockServerOptions options) {
    options.max_connections = 24;
    return options;
  }
};

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_SMALL_SERVER_H_
