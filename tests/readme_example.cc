#include <cstdio>

#include "assay/engines/engines.h"
#include "assay/fixture/server/mock_server.h"

int main() {
  assay::fixture::MockServer server(
      {.plan = {.latency = std::chrono::milliseconds(5), .jitter = 0.2}});
  const assay::Request get{.url = assay::Url::Parse(server.Url("/get")).value()};
  const auto engine = assay::MakeAsyncEngine({.concurrency = 20});
  const assay::RunSummary run = engine->Run({.requests = {get}, .count = 200});
  std::printf("%.0f requests/s, %lu failed\n", run.requests_per_second(), run.failed);
}
