// Latency distributions in JSON: "5ms" or an object with the name of one.
#ifndef ASSAY_TOOLS_SERVE_LATENCY_H_
#define ASSAY_TOOLS_SERVE_LATENCY_H_

#include "assay/fixture/plan/latency.h"
#include "tools/serve/document.h"

namespace assay::serve {

// {"uniform": {"low": "1ms", "high": "3ms"}}. What Latency refuses is reported, too.
void Read(const Node& node, fixture::Latency& into);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_LATENCY_H_
