// Owners for what OpenSSL hands out, and its reasons in words. Internal to
// transport/tls: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_OPENSSL_H_
#define ASSAY_TRANSPORT_TLS_OPENSSL_H_

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace assay::openssl {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* thing) const noexcept {
    Free(thing);
  }
};

using Bio = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using BioMethod = std::unique_ptr<BIO_METHOD, FreeWith<BIO_meth_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>>;
using Ssl = std::unique_ptr<SSL, FreeWith<SSL_free>>;

// The oldest error of this thread in words; forgets all of them.
inline std::string TakeReason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

}  // namespace assay::openssl

#endif  // ASSAY_TRANSPORT_TLS_OPENSSL_H_
