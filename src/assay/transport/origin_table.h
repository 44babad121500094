// The origins that an engine or a client has met.
//
// Thread-safe. What it points to stays where it is, and as it is. Internal to
// transport and engines: it includes Asio.
#ifndef ASSAY_TRANSPORT_ORIGIN_TABLE_H_
#define ASSAY_TRANSPORT_ORIGIN_TABLE_H_

#include <deque>
#include <mutex>
#include <string>

#include "assay/core/result.h"
#include "assay/http/url.h"
#include "assay/transport/origin.h"

namespace assay {

class OriginTable {
 public:
  // Blocks while a name is looked up that has not been before. kResolveFailed names the
  // host; the failure is kept, so that a name is not looked up again for every request.
  Result<const Origin*> Find(const Url& url);

  // Names that were not found will be looked up again.
  void ForgetFailures();

 private:
  struct Entry {
    std::string host;
    std::uint16_t port;
    bool tls;
    bool looked_up = false;
    Result<Origin> origin;
  };

  std::mutex mutex_;
  std::deque<Entry> entries_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_ORIGIN_TABLE_H_
