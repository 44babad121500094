#include "assay/transport/prepared_request.h"

#include <utility>

namespace assay {

PreparedRequest Prepare(const Request& request, Pooling pooling, bool decode,
                        OriginTable& origins) {
  PreparedRequest prepared{.request = &request, .url = request.url.ToString()};
  if (auto wire = ToWire(request, pooling, decode); wire.ok()) {
    prepared.wire = std::move(*wire);
  } else {
    prepared.refused = std::move(wire).error();
    return prepared;
  }
  if (auto origin = origins.Find(request.url); origin.ok()) {
    prepared.origin = *origin;
  } else {
    prepared.refused = std::move(origin).error();
  }
  return prepared;
}

PreparedRequest ConnectOnly(const PreparedRequest& request) {
  return {.request = request.request,
          .url = request.url,
          .origin = request.origin,
          .refused = request.refused};
}

}  // namespace assay
