// Connects OpenSSL with a TlsWire. Internal to transport/tls: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_WIRE_BIO_H_
#define ASSAY_TRANSPORT_TLS_WIRE_BIO_H_

#include "assay/transport/tls/tls_session.h"

namespace assay::openssl {

// `wire` outlives it. Null if OpenSSL refuses.
Bio MakeWireBio(TlsWire& wire);

}  // namespace assay::openssl

#endif  // ASSAY_TRANSPORT_TLS_WIRE_BIO_H_
