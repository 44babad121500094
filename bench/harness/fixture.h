// The server that engine and pooling benchmarks run against, the same for all.
#ifndef ASSAY_BENCH_HARNESS_FIXTURE_H_
#define ASSAY_BENCH_HARNESS_FIXTURE_H_

#include <cstddef>
#include <string>

#include "assay/fixture/server/mock_server.h"
#include "assay/http/request.h"

namespace assay::bench {

inline constexpr std::uint64_t kSeed = 1;
inline constexpr double kJitter = 0.20;  // the first seed's: 0 to 20 % on top of the latency
inline constexpr int kBodyBytes = 64;    // of each answer

// A server with that latency and kJitter on top of it, and threads enough that a
// closing connection never keeps a new one waiting.
fixture::MockServerOptions FixtureOptions(Duration latency, int concurrency);

// The request that is measured: GET /bytes/64.
Request FixtureRequest(const fixture::MockServer& server);

// The body that it must get; in other sizes, those of /bytes/{n}.
std::string FixtureBody(std::size_t bytes = kBodyBytes);

// The options in words, for the report's context.
std::string FixtureText();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_FIXTURE_H_
