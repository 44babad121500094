// A blocking client for one request at a time: what patterns wrap and tests use.
//
// Keeps its connections in a pool (kPooled) or none at all (kNaive). Not
// thread-safe: one client for each thread. A host name is looked up once. A status of
// 400 or more is still a Response here, see patterns/outcome.h for what a pattern
// makes of it.
#ifndef ASSAY_TRANSPORT_CLIENT_H_
#define ASSAY_TRANSPORT_CLIENT_H_

#include <memory>

#include "assay/core/result.h"
#include "assay/http/request.h"
#include "assay/http/response.h"
#include "assay/transport/connection_options.h"
#include "assay/transport/pool/pool_options.h"
#include "assay/transport/pooling.h"

namespace assay {

class Client {
 public:
  // std::invalid_argument for an impossible option.
  explicit Client(Pooling pooling = Pooling::kPooled, const ConnectionOptions& options = {},
                  const PoolOptions& pool = {});
  ~Client();

  // The whole response, or the error that names what failed and in which phase.
  Result<Response> Send(const Request& request);

  PoolStats stats() const;

 private:
  struct Link;
  std::unique_ptr<Link> link_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_CLIENT_H_
