// The fixture as configured: a MockServer and, if told so, a Gate in front of it.
//
// Thread safety: one thread.
#ifndef ASSAY_TOOLS_SERVE_RUNNING_H_
#define ASSAY_TOOLS_SERVE_RUNNING_H_

#include <optional>
#include <string>
#include <vector>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "tools/serve/config.h"
#include "tools/serve/text.h"

namespace assay::serve {

class Running {
 public:
  // Returns when connections are accepted. Throws like MockServer and Gate; the port that
  // clients see is taken last of all.
  explicit Running(const Config& config);

  // "http://127.0.0.1:PORT", or https.
  std::string Url() const { return gate_ ? gate_->Url("") : server_.Url(""); }
  // Null if there is none.
  const fixture::Gate* gate() const { return gate_ ? &*gate_ : nullptr; }
  std::vector<fixture::JournalEntry> Journal() const { return server_.Journal(); }

  // Cuts off, within about 50 ms, whatever the server has under way, and tells what there
  // was. Once. The gate ends with this object, within as long.
  Served Stop();

 private:
  fixture::MockServer server_;
  std::optional<fixture::Gate> gate_;
};

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_RUNNING_H_
