// Servers that fail in one way: the scene of the failures tests.
#ifndef ASSAY_TESTS_ENGINES_FAILURES_SCENE_H_
#define ASSAY_TESTS_ENGINES_FAILURES_SCENE_H_

#include <string>
#include <string_view>
#include <utility>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"

namespace assay::failures {

inline constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class Failures : public EngineConformance {
 protected:
  // Answers every request of a connection with `text`, then closes it.
  static RawServer::Script AnswerAndClose(std::string text) {
    return [text = std::move(text)](const RawConnection& connection) {
      if (connection.ReadRequest()) connection.Write(text);
    };
  }
};

}  // namespace assay::failures

#endif  // ASSAY_TESTS_ENGINES_FAILURES_SCENE_H_
