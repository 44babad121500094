// From the network through TLS into a response. Internal to transport and
// engines: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_RECEIVE_H_
#define ASSAY_TRANSPORT_TLS_RECEIVE_H_

#include <string_view>

#include "assay/transport/response_reader.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

// A TLS record and a little more: what to receive at once.
inline constexpr std::size_t kTlsReceiveBytes = 18 * 1024;

// `ciphertext` is what the network brought, empty for its end. A response that ends
// with the connection is complete only if the server said farewell: without that,
// anybody on the way could have cut it (kConnectionClosed).
Result<ResponseReader::Progress> ReceiveTls(TlsSession& session, ResponseReader& reader,
                                            std::string_view ciphertext);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TLS_RECEIVE_H_
