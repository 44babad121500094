// What all TLS connections of an engine or client share: whom they trust, who they
// are, and the sessions that they can take up again.
//
// OpenSSL is started when the options say something of their own, so that bad ones
// are refused here, or else when the first session needs it: who sends no https
// request does not pay for it. Thread-safe. Internal: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_TLS_CONTEXT_H_
#define ASSAY_TRANSPORT_TLS_TLS_CONTEXT_H_

#include <atomic>
#include <cstdint>
#include <mutex>

#include "assay/transport/tls/openssl.h"
#include "assay/transport/tls/session_cache.h"
#include "assay/transport/tls/tls_options.h"

namespace assay {

class TlsContext {
 public:
  // Throws std::invalid_argument that names the option, the file and the reason of
  // the operating system or of OpenSSL.
  explicit TlsContext(const TlsOptions& options);

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  const TlsOptions& options() const noexcept { return options_; }

  // Null if OpenSSL refuses to start.
  SSL_CTX* Get();

  openssl::SessionCache& sessions() noexcept { return sessions_; }

  // Handshakes that succeeded, and how many of them took up a session.
  void CountHandshake(bool resumed) noexcept;
  std::uint64_t handshakes() const noexcept { return handshakes_.load(); }
  std::uint64_t resumed() const noexcept { return resumed_.load(); }

 private:
  void Build();

  TlsOptions options_;
  std::once_flag built_;
  openssl::SessionCache sessions_;
  openssl::Context context_;
  std::atomic<std::uint64_t> handshakes_{0};
  std::atomic<std::uint64_t> resumed_{0};
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TLS_TLS_CONTEXT_H_
