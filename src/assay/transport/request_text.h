// A request as the bytes that go on the wire, where they are all known beforehand.
#ifndef ASSAY_TRANSPORT_REQUEST_TEXT_H_
#define ASSAY_TRANSPORT_REQUEST_TEXT_H_

#include <string>

#include "assay/core/result.h"
#include "assay/http/request.h"
#include "assay/transport/pooling.h"

namespace assay {

// The header section and the body in memory as ToWire() writes them, and its errors.
// Also kInvalidRequest for a body that comes from a source, goes in chunks or waits
// for the server: those need a RequestWriter.
Result<std::string> RequestText(const Request& request, Pooling pooling);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_REQUEST_TEXT_H_
