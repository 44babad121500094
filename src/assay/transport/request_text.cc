#include "assay/transport/request_text.h"

#include <utility>

#include "assay/transport/wire_request.h"

namespace assay {

Result<std::string> RequestText(const Request& request, Pooling pooling) {
  auto wire = ToWire(request, pooling);
  if (!wire) return std::move(wire).error();
  if (wire->source || wire->chunked || wire->expect_continue) {
    return Error{ErrorCode::kInvalidRequest,
                 "body_source, chunked and expect_continue are not supported here"};
  }
  return std::move(wire->head);
}

}  // namespace assay
