// A server that fails as often as it is told to, and counts what reaches it.
#ifndef ASSAY_BENCH_RESILIENCE_FLAKY_SERVER_H_
#define ASSAY_BENCH_RESILIENCE_FLAKY_SERVER_H_

#include <cstdint>
#include <stdexcept>
#include <string>

#include "assay/core/result.h"
#include "assay/fixture/server/mock_server.h"
#include "assay/http/request.h"
#include "assay/http/response.h"
#include "bench/harness/fixture.h"

namespace assay::bench {

// In this process, on threads of its own: what is measured of the calling thread, its CPU time and
// its allocations, is the client's. Throws as MockServer does.
class FlakyServer {
 public:
  explicit FlakyServer(double error_rate = 0) : server_(FixtureOptions(Duration::zero(), 1)) {
    SetErrorRate(error_rate);
  }

  // Of the requests from now on, so many fail with status 500: 0 to 1, drawn by kSeed. The n-th
  // request from here on has the same fate in every run.
  void SetErrorRate(double error_rate) {
    fixture::PlanOptions plan = server_.options().plan;
    plan.error_rate = error_rate;
    server_.SetPlan(plan);
  }

  // Refuses connections from now on.
  void Down() { server_.Down(); }

  Request request() const { return FixtureRequest(server_); }

  // That have reached it.
  std::uint64_t requests() const { return server_.Stats().requests; }

 private:
  fixture::MockServer server_;
};

// The whole answer to FlakyServer::request(), byte by byte.
inline bool IsRight(const Response& response) {
  static const std::string body = FixtureBody();
  return response.status == 200 && response.body == body;
}
inline bool IsRight(const Result<Response>& result) { return result.ok() && IsRight(*result); }

// Throws std::runtime_error.
inline void Verify(bool right, const char* what) {
  if (!right) throw std::runtime_error(std::string("verification: ") + what);
}

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_FLAKY_SERVER_H_
