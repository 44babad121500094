#include "assay/transport/tls/session_cache.h"

namespace assay::openssl {

void SessionCache::Enable(SSL_CTX* context) {
  // OpenSSL's own cache does not know which session belongs to which server.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, Keep);
}

void SessionCache::Attach(SSL* ssl, Place& place) {
  place.cache = this;
  SSL_set_app_data(ssl, &place);
  const std::lock_guard lock(mutex_);
  const auto known = sessions_.find(place.server);
  if (known != sessions_.end()) SSL_set_session(ssl, known->second.get());
}

void SessionCache::Forget(const std::string& server) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(server);
}

int SessionCache::Keep(SSL* ssl, SSL_SESSION* session) {
  const Place& place = *static_cast<const Place*>(SSL_get_app_data(ssl));
  Session kept(session);
  const std::lock_guard lock(place.cache->mutex_);
  place.cache->sessions_[place.server].swap(kept);
  return 1;  // it is ours now
}

}  // namespace assay::openssl
