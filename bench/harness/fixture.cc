#include "bench/harness/fixture.h"

namespace assay::bench {

fixture::MockServerOptions FixtureOptions(Duration latency, int concurrency) {
  return {.plan = {.latency = latency, .jitter = kJitter, .seed = kSeed},
          .max_connections = 2 * concurrency + 8};
}

Request FixtureRequest(const fixture::MockServer& server) {
  const std::string url = server.Url("/bytes/" + std::to_string(kBodyBytes));
  return {Method::kGet, Url::Parse(url).value(), {}, {}};
}

std::string FixtureBody(std::size_t bytes) {
  std::string body(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) body[i] = static_cast<char>('a' + i % 26);
  return body;
}

std::string FixtureText() {
  return "MockServer (CivetWeb) in this process on 127.0.0.1, GET /bytes/" +
         std::to_string(kBodyBytes) + ", latency + uniform 0 to 20 % of it, error_rate 0, " +
         "max_connections 2 * concurrency + 8";
}

}  // namespace assay::bench
