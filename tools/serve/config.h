// What `assay serve` is told to do: a JSON document, tools/serve/README.md is its reference.
#ifndef ASSAY_TOOLS_SERVE_CONFIG_H_
#define ASSAY_TOOLS_SERVE_CONFIG_H_

#include <optional>
#include <string>
#include <string_view>

#include "assay/core/result.h"
#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"

namespace assay::serve {

struct Config {
  fixture::MockServerOptions server{};         // its port is the one that clients see, gate or not
  std::optional<fixture::GateOptions> gate{};  // without ports; its seed is the plan's
};

// kIo with one line that names the place and what is accepted:
// 'faults.json: /rules/0: "rat" is not one of name, match, ...',
// "faults.json:3:7: ..." for what is no JSON. What is returned is what a Plan and a GatePlan
// accept; only what a machine may refuse, such as a port, is left to be found out.
Result<Config> ReadConfig(const std::string& name, std::string_view text);

// The same for the text of a file, which the name is the path of.
Result<Config> ReadConfigFile(const std::string& path);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_CONFIG_H_
