// Other people's clients, and the least that a client can be, behind the interface
// of our engines: yardsticks for benchmarks, not for users.
//
// README.md has a table of what each can do; a test holds it against `lacks`.
#ifndef ASSAY_BENCH_PEERS_PEERS_H_
#define ASSAY_BENCH_PEERS_PEERS_H_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "assay/engines/engines.h"

namespace assay::bench {

// What not every peer can do. The conformance suite skips its cases.
enum class Feature {
  kRequests,     // several requests in rotation, with methods, fields and bodies
  kNaive,        // a new connection for each request
  kErrorKinds,   // tells failures apart as our engines do
  kStrict,       // takes no answer for whole that was cut short or malformed
  kTimeouts,     // ends an exchange that takes too long
  kPhases,       // RequestResult::phases, and ConnectionOptions::connect_timeout and its siblings
  kHeaderLimit,  // ConnectionOptions::max_header_bytes
  kBodyLimit,    // ConnectionOptions::max_body_bytes
  kMessages,     // words its errors as our engines do
  kTls,          // https, with certificates verified
};

inline constexpr Feature kFeatures[] = {
    Feature::kRequests, Feature::kNaive,  Feature::kErrorKinds,  Feature::kStrict,
    Feature::kTimeouts, Feature::kPhases, Feature::kHeaderLimit, Feature::kBodyLimit,
    Feature::kMessages, Feature::kTls};

// As the table in README.md names it.
std::string_view ToString(Feature feature) noexcept;

struct PeerKind {
  EngineKind engine;
  std::vector<Feature> lacks;

  bool Has(Feature feature) const noexcept;
};

// Those that were built, in the order of the table.
std::span<const PeerKind> PeerKinds();

// Those whose library was not there when this was built.
std::span<const UnavailableEngine> UnavailablePeers();

// As ResolveFor(); authorities that are none are refused as well. Every function below calls it
// first.
EngineOptions ResolveForPeer(std::string_view name, const EngineOptions& options);

// Each throws std::invalid_argument for what its library cannot do. Of TlsOptions those that
// speak TLS obey ca_file, ca_pem, verify and session_resumption; the others stay as they are.

// One epoll, one write and one read per request.
std::unique_ptr<Engine> MakeFloor(const EngineOptions& options);
// libcurl's blocking interface: one transfer at a time.
std::unique_ptr<Engine> MakeCurlEasy(const EngineOptions& options);
// libcurl's event-driven interface on one thread.
std::unique_ptr<Engine> MakeCurlMulti(const EngineOptions& options);
// cpp-httplib: a thread and a client for each of `concurrency`.
std::unique_ptr<Engine> MakeHttplib(const EngineOptions& options);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PEERS_PEERS_H_
