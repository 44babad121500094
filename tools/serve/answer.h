// Canned answers in JSON, and lists of header fields.
#ifndef ASSAY_TOOLS_SERVE_ANSWER_H_
#define ASSAY_TOOLS_SERVE_ANSWER_H_

#include <vector>

#include "assay/fixture/plan/answer.h"
#include "assay/fixture/plan/match.h"
#include "tools/serve/document.h"

namespace assay::serve {

// {"status": 503, "headers": {"Retry-After": "1"}, "body": "later", "form": "chunked"}
void Read(const Node& node, fixture::CannedAnswer& into);

// {"Accept": "text/html", "X-Debug": null}, in the order written, where null is any value; or
// [{"name": "Accept", "value": "text/html"}, {"name": "X-Debug"}], for a name that is there
// more than once.
void Read(const Node& node, std::vector<fixture::HeaderMatch>& into);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_ANSWER_H_
