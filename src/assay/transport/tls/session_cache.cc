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
  const Session& newest = known->second.front();
  SSL_set_session(ssl, newest.get());  // which it owns as well from now on
  if (ServesOnce(newest)) known->second.pop_front();
}

void SessionCache::Forget(const std::string& server) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(server);
}

int SessionCache::Keep(SSL* ssl, SSL_SESSION* session) {
  const Place& place = *static_cast<const Place*>(SSL_get_app_data(ssl));
  Session kept(session);
  const bool once = ServesOnce(kept);
  Sessions dropped;  // when the lock is free again
  const std::lock_guard lock(place.cache->mutex_);
  Sessions& sessions = place.cache->sessions_[place.server];
  // None is needed beside one that serves any number.
  if (!once) sessions.swap(dropped);
  sessions.push_front(std::move(kept));
  if (sessions.size() > kMostPerServer) {
    dropped.push_back(std::move(sessions.back()));
    sessions.pop_back();
  }
  return 1;  // it is ours now
}

}  // namespace assay::openssl
