#include "tools/serve/gate.h"

#include <algorithm>

#include "assay/fixture/gate/fault_check.h"
#include "tools/serve/fields.h"

namespace assay::serve {
namespace {

// The names of the enumerators up to `last`, as the gate's own messages have them.
template <class T>
std::vector<std::string_view> NamesUpTo(T last) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    names.push_back(NameOf(static_cast<T>(i)));
  }
  return names;
}

}  // namespace

// Static and not in a nameless namespace, into which a lookup by arguments does not see.
static void Read(const Node& node, fixture::FaultPoint& into) {
  ReadName(node, into, NamesUpTo(fixture::FaultPoint::kResponseEnd));
}

static void Read(const Node& node, fixture::FaultEffect& into) {
  ReadName(node, into, NamesUpTo(fixture::FaultEffect::kCorrupt));
}

static void Read(const Node& node, fixture::CertificateKind& into) {
  ReadName(node, into, kCertificateKinds);
}

static void Read(const Node& node, fixture::FaultSelection& into) {
  Fields(node).Field("rate", into.rate).Field("nth", into.nth).Field("every", into.every).Done();
}

static void Read(const Node& node, fixture::FaultAction& into) {
  Fields(node)
      .Needed("at", into.at)
      .Field("after", into.after)
      .Needed("effect", into.effect)
      .Field("delay", into.delay)
      .Field("piece_bytes", into.piece_bytes)
      .Field("interval", into.interval)
      .Field("bytes_per_second", into.bytes_per_second)
      .Field("positions", into.positions)
      .Field("flips", into.flips)
      .Field("flip_within", into.flip_within)
      .Done();
}

template <class Fault>
static void ReadFault(const Node& node, Fault& into) {
  Fields(node)
      .Needed("name", into.name)
      .Needed("when", into.when)
      .Needed("action", into.action)
      .Done();
}

static void Read(const Node& node, fixture::ConnectionFault& into) { ReadFault(node, into); }

static void Read(const Node& node, fixture::ExchangeFault& into) { ReadFault(node, into); }

static void Read(const Node& node, fixture::TlsOptions& into) {
  Fields(node)
      .Field("certificate", into.certificate)
      .Field("names", into.names)
      .Field("only_tls_1_2", into.only_tls_1_2)
      .Field("client_certificate", into.client_certificate)
      .Done();
}

std::optional<fixture::CertificateKind> CertificateKindOf(std::string_view name) {
  const auto found = std::ranges::find(kCertificateKinds, name);
  if (found == kCertificateKinds.end()) return std::nullopt;
  return static_cast<fixture::CertificateKind>(found - kCertificateKinds.begin());
}

void Read(const Node& node, fixture::GateOptions& into) {
  into.protocol = fixture::Http1();
  Fields(node)
      .Field("threads", into.threads, 1, 64)
      .Field("connection_faults", into.connection_faults)
      .Field("exchange_faults", into.exchange_faults)
      .Field("tls", into.tls)
      .Done();
}

}  // namespace assay::serve
