// A gate in JSON: TLS and faults of the wire, under the names of fixture/gate.
#ifndef ASSAY_TOOLS_SERVE_GATE_H_
#define ASSAY_TOOLS_SERVE_GATE_H_

#include <array>
#include <optional>
#include <string_view>

#include "assay/fixture/gate/gate.h"
#include "tools/serve/document.h"

namespace assay::serve {

// What CertificateKind is called, in its order.
inline constexpr std::array<std::string_view, 6> kCertificateKinds{
    "good", "self_signed", "expired", "not_yet_valid", "wrong_host", "unknown_authority"};

// Nothing for any other name.
std::optional<fixture::CertificateKind> CertificateKindOf(std::string_view name);

// Leaves the ports and the seed to the caller. The protocol is Http1().
void Read(const Node& node, fixture::GateOptions& into);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_GATE_H_
