// The server's end of a TLS connection, in memory, and a client's session that is
// joined to it without a network.
#ifndef ASSAY_TESTS_TRANSPORT_TLS_PEER_H_
#define ASSAY_TESTS_TRANSPORT_TLS_PEER_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "assay/fixture/gate/openssl.h"
#include "assay/fixture/gate/tls_context.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

// One for many connections: what a server remembers of its sessions is in its context.
class TlsPeer {
 public:
  explicit TlsPeer(fixture::TlsOptions options = {})
      : context_(fixture::MakeServerContext(options, certificates_)) {}

  const fixture::Certificates& certificates() const { return certificates_; }
  TlsOptions Trusting() const { return {.ca_pem = certificates_.authority()}; }

  // The next connection.
  void Accept() {
    ssl_.reset(SSL_new(context_.get()));
    from_client_ = BIO_new(BIO_s_mem());
    to_client_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(from_client_, -1);
    SSL_set_bio(ssl_.get(), from_client_, to_client_);
    SSL_set_accept_state(ssl_.get());
  }

  // Bytes of the client; handshakes as far as they go.
  void Feed(std::string_view bytes) {
    BIO_write(from_client_, bytes.data(), static_cast<int>(bytes.size()));
    if (!SSL_is_init_finished(ssl_.get())) SSL_do_handshake(ssl_.get());
    ERR_clear_error();
  }

  // Up to `most` bytes for the client.
  std::string Output(std::size_t most) {
    std::string bytes(most, '\0');
    const int count = BIO_read(to_client_, bytes.data(), static_cast<int>(most));
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  void Write(std::string_view text) {
    ASSERT_EQ(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())),
              static_cast<int>(text.size()));
  }
  std::string Read() {
    std::string text;
    char piece[1000];
    for (int count; (count = SSL_read(ssl_.get(), piece, sizeof(piece))) > 0;) {
      text.append(piece, static_cast<std::size_t>(count));
    }
    ERR_clear_error();
    return text;
  }
  bool heard_farewell() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  void SayFarewell() { SSL_shutdown(ssl_.get()); }
  SSL* ssl() { return ssl_.get(); }
  std::string server_name() const {
    const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? "" : name;
  }

 private:
  fixture::Certificates certificates_{
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
  fixture::SslContext context_;
  fixture::Ssl ssl_;
  BIO* from_client_ = nullptr;  // both owned by ssl_
  BIO* to_client_ = nullptr;
};

// What the session has written goes to the peer.
inline void Deliver(TlsSession& session, TlsPeer& peer, std::size_t step = 100'000) {
  while (!session.Output().empty()) {
    const std::string_view piece = session.Output().substr(0, step);
    peer.Feed(piece);
    session.Sent(piece.size());
  }
}

// A handshake in pieces of `step` bytes: "" or the error's message.
inline std::string Connect(TlsSession& session, TlsPeer& peer, const std::string& host,
                           std::size_t step = 100'000) {
  peer.Accept();
  if (auto started = session.Start(host, 443); !started) return started.error().message;
  for (int turns = 0; turns < 100'000; ++turns) {
    auto done = session.Handshake();
    Deliver(session, peer, step);
    if (!done) return done.error().message;
    if (*done) return "";
    // Handshake() has taken it all before the next turn replaces it.
    static thread_local std::string fed;
    fed = peer.Output(step);
    if (fed.empty()) return "the server has nothing to say";
    session.Feed(fed);
  }
  return "no end";
}

}  // namespace assay

#endif  // ASSAY_TESTS_TRANSPORT_TLS_PEER_H_
