#include "assay/transport/tls/session_cache.h"

namespace assay::openssl {
namespace {

bool ServesOnce(const Session& session) {
  return SSL_SESSION_get_protocol_version(session.get()) >= TLS1_3_VERSION;
}

}  // namespace

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
  if (known == sessions_.end() || known->second.empty()) return;
  const Session& newest = known->second.back();
  SSL_set_session(ssl, newest.get());  // which owns it as well from now on
  if (ServesOnce(newest)) known->second.pop_back();
}

void SessionCache::Forget(const std::string& server) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(server);
}

int SessionCache::Keep(SSL* ssl, SSL_SESSION* session) {
  const Place& place = *static_cast<const Place*>(SSL_get_app_data(ssl));
  Session kept(session);
  const std::lock_guard lock(place.cache->mutex_);
  Sessions& sessions = place.cache->sessions_[place.server];
  // None is needed beside one that serves any number.
  if (!ServesOnce(kept)) sessions.clear();
  if (sessions.size() == kMostPerServer) sessions.erase(sessions.begin());
  sessions.push_back(std::move(kept));
  return 1;  // it is ours now
}

}  // namespace assay::openssl
