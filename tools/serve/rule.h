// Rules of a plan in JSON, under the names of fixture/plan/rule.h. What a program alone can
// give, functions, has no key.
#ifndef ASSAY_TOOLS_SERVE_RULE_H_
#define ASSAY_TOOLS_SERVE_RULE_H_

#include "assay/fixture/plan/rule.h"
#include "tools/serve/document.h"

namespace assay::serve {

void Read(const Node& node, fixture::Rule& into);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_RULE_H_
