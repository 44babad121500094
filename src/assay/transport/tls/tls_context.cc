#include "assay/transport/tls/tls_context.h"

#include <cstdio>
#include <stdexcept>
#include <string>

#include "assay/transport/tls/pem.h"

namespace assay {
namespace {

using openssl::Pem;

void Trust(SSL_CTX* context, const TlsOptions& options) {
  if (options.verify == TlsVerify::kOffInsecure) {
    std::fputs(
        "assay: WARNING: tls.verify is off: certificates are not checked, anybody can pose as "
        "the server\n",
        stderr);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    return;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const Pem authorities("ca", options.ca_file, options.ca_pem);
  if (!authorities.given()) {
    SSL_CTX_set_default_verify_paths(context);  // a store that is missing trusts nobody
    return;
  }
  for (const auto& authority : authorities.Certificates()) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1) {
      authorities.Refuse("cannot be trusted");
    }
  }
}

void Identify(SSL_CTX* context, const TlsOptions& options) {
  const Pem certificate("certificate", options.certificate_file, options.certificate_pem);
  const Pem key("key", options.key_file, options.key_pem);
  if (!certificate.given()) return;
  const auto chain = certificate.Certificates();
  bool used = SSL_CTX_use_certificate(context, chain.front().get()) == 1;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    used = used && SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
  }
  if (!used) certificate.Refuse("cannot be used");
  // This also checks that the two belong together.
  if (SSL_CTX_use_PrivateKey(context, key.PrivateKey().get()) != 1) {
    key.Refuse("is not the key of the certificate");
  }
}

void OfferProtocols(SSL_CTX* context, const TlsOptions& options) {
  std::string wire;
  for (const std::string& name : options.alpn) wire += static_cast<char>(name.size()) + name;
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(wire.data()),
                          static_cast<unsigned>(wire.size()));
}

}  // namespace

TlsContext::TlsContext(const TlsOptions& options) : options_(options) {
  Validate(options);
  if (options != TlsOptions{} && Get() == nullptr) {
    throw std::invalid_argument("tls: OpenSSL cannot be started");
  }
}

SSL_CTX* TlsContext::Get() {
  std::call_once(built_, [this] { Build(); });
  return context_.get();
}

void TlsContext::CountHandshake(bool resumed) noexcept {
  handshakes_.fetch_add(1, std::memory_order_relaxed);
  if (resumed) resumed_.fetch_add(1, std::memory_order_relaxed);
}

void TlsContext::Build() {
  openssl::Context made(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = made.get();
  if (context == nullptr) return;
  SSL_CTX_set_min_proto_version(
      context, options_.min_version == TlsVersion::k1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  // Requests are small: with records of 4 KiB an idle connection keeps 12 KiB less,
  // and unlike with SSL_MODE_RELEASE_BUFFERS nothing is allocated for each request.
  SSL_CTX_set_max_send_fragment(context, 4096);
  if (options_.session_resumption) openssl::SessionCache::Enable(context);
  Trust(context, options_);
  Identify(context, options_);
  OfferProtocols(context, options_);
  context_ = std::move(made);
}

}  // namespace assay
