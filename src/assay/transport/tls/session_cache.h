// TLS sessions that servers offered, to be taken up by later connections. Thread-safe.
// Internal to transport/tls: it includes OpenSSL.
//
// A session of TLS 1.3 is given to one connection only (RFC 8446 appendix C.4: who sees
// one used twice knows that it is the same client), one of TLS 1.2 to any number.
#ifndef ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_
#define ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "assay/transport/tls/openssl.h"

namespace assay::openssl {

class SessionCache {
 public:
  // Of one server. So many connections to it can begin at once and all take up a session,
  // if each one before them brought one; a session is a few KiB.
  static constexpr std::size_t kMostPerServer = 128;

  // Where the sessions of one connection go; it stays in its place as long as that.
  struct Place {
    SessionCache* cache = nullptr;
    std::string server{};  // "host:port"
  };

  // Connections of `context` may have a Place.
  static void Enable(SSL_CTX* context);

  // Offers to `ssl`, before its handshake, the newest session of the place's server, and
  // keeps what that server offers: with more than kMostPerServer the oldest is dropped.
  void Attach(SSL* ssl, Place& place);

  // What did not work is not tried again.
  void Forget(const std::string& server);

 private:
  using Sessions = std::vector<Session>;  // the oldest first

  static int Keep(SSL* ssl, SSL_SESSION* session);

  std::mutex mutex_;
  std::map<std::string, Sessions> sessions_;
};

}  // namespace assay::openssl

#endif  // ASSAY_TRANSPORT_TLS_SESSION_CACHE_H_
