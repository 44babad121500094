// The last TLS session that each server offered. Thread-safe. Internal to
// transport/tls: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_
#define ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_

#include <map>
#include <mutex>
#include <string>

#include "assay/transport/tls/openssl.h"

namespace assay::openssl {

class SessionCache {
 public:
  // Where the sessions of one connection go; it stays in its place as long as that.
  struct Place {
    SessionCache* cache = nullptr;
    std::string server{};  // "host:port"
  };

  // Connections of `context` may have a Place.
  static void Enable(SSL_CTX* context);

  // Offers to `ssl`, before its handshake, what is known of the place's server, and
  // keeps there what that server offers.
  void Attach(SSL* ssl, Place& place);

  // What did not work is not tried again.
  void Forget(const std::string& server);

 private:
  static int Keep(SSL* ssl, SSL_SESSION* session);

  std::mutex mutex_;
  std::map<std::string, Session> sessions_;
};

}  // namespace assay::openssl

#endif  // ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_
