// A request that can be sent as often as one likes: as bytes, with its origin looked up.
// Internal to transport and engines: it includes Asio.
#ifndef ASSAY_TRANSPORT_PREPARED_REQUEST_H_
#define ASSAY_TRANSPORT_PREPARED_REQUEST_H_

#include <optional>
#include <string>

#include "assay/http/request.h"
#include "assay/transport/origin_table.h"
#include "assay/transport/pooling.h"
#include "assay/transport/request_writer.h"

namespace assay {

// Without any wire text it asks for nothing but a connection, see ConnectOnly().
struct PreparedRequest {
  const Request* request = nullptr;  // what it was made from; outlives it
  std::string url{};
  WireRequest wire{};
  const Origin* origin = nullptr;  // null only if it is refused
  std::optional<Error> refused{};  // set when it cannot be sent at all

  const BodyTarget* target() const noexcept { return request->body_target.get(); }
};

// For a connection to the same origin that will be used later.
PreparedRequest ConnectOnly(const PreparedRequest& request);

// Blocks while a host name is looked up that `origins` does not know. `decode` as for
// ToWire().
PreparedRequest Prepare(const Request& request, Pooling pooling, bool decode, OriginTable& origins);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_PREPARED_REQUEST_H_
