#include "bench/peers/peers.h"

#include <algorithm>

#include "assay/transport/tls/pem.h"

namespace assay::bench {
namespace {

constexpr int kMaxConcurrency = 1'000;

const std::vector<PeerKind>& Kinds() {
  static const std::vector<PeerKind> kinds = {
      {{"floor", 100, kMaxConcurrency, MakeFloor},
       {Feature::kRequests, Feature::kNaive, Feature::kTimeouts, Feature::kPhases, Feature::kTls}},
#ifdef ASSAY_PEERS_CURL
      {{"curl_easy", 1, 1, MakeCurlEasy, true},
       {Feature::kStrict, Feature::kPhases, Feature::kHeaderLimit, Feature::kMessages}},
      {{"curl_multi", 100, kMaxConcurrency, MakeCurlMulti, true},
       {Feature::kStrict, Feature::kPhases, Feature::kHeaderLimit, Feature::kMessages}},
#endif
#ifdef ASSAY_PEERS_HTTPLIB
      {{"httplib", 10, kMaxConcurrency, MakeHttplib, true},
       {Feature::kErrorKinds, Feature::kStrict, Feature::kTimeouts, Feature::kPhases,
        Feature::kHeaderLimit, Feature::kBodyLimit, Feature::kMessages}},
#endif
  };
  return kinds;
}

}  // namespace

std::string_view ToString(Feature feature) noexcept {
  switch (feature) {
    case Feature::kRequests: return "several requests, with methods, fields and bodies";
    case Feature::kNaive: return "a new connection for each request";
    case Feature::kErrorKinds: return "tells kinds of failures apart";
    case Feature::kStrict: return "refuses every answer that was cut short or malformed";
    case Feature::kTimeouts: return "one time-out for the whole exchange";
    case Feature::kPhases: return "times and time-outs for each phase";
    case Feature::kHeaderLimit: return "a limit for headers";
    case Feature::kBodyLimit: return "a limit for bodies";
    case Feature::kMessages: return "the error messages of our engines";
    case Feature::kTls: return "TLS, with certificates verified";
  }
  return "";
}

bool PeerKind::Has(Feature feature) const noexcept {
  return std::ranges::find(lacks, feature) == lacks.end();
}

EngineOptions ResolveForPeer(std::string_view name, const EngineOptions& options) {
  const auto named = [&](const PeerKind& kind) { return kind.engine.name == name; };
  const openssl::Pem authorities("ca", options.connection.tls.ca_file,
                                 options.connection.tls.ca_pem);
  if (authorities.given()) (void)authorities.Certificates();  // or throws
  return ResolveFor(std::ranges::find_if(Kinds(), named)->engine, options);
}

std::span<const PeerKind> PeerKinds() { return Kinds(); }

std::span<const UnavailableEngine> UnavailablePeers() {
  static const std::vector<UnavailableEngine> unavailable = {
#ifndef ASSAY_PEERS_CURL
      {"curl_easy", "built without libcurl (Debian: libcurl4-openssl-dev)"},
      {"curl_multi", "built without libcurl (Debian: libcurl4-openssl-dev)"},
#endif
#ifndef ASSAY_PEERS_HTTPLIB
      {"httplib", "built without cpp-httplib (Debian: libcpp-httplib-dev)"},
#endif
  };
  return unavailable;
}

}  // namespace assay::bench
