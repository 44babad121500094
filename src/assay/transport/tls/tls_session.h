// TLS for one connection at a time: bytes in, bytes out, no socket and no clock.
//
// Start(), then Handshake() until it is done, then Encrypt() and Decrypt() in any
// order. Whatever it writes for the network lies in Output() until it has been
// sent; whatever the network brought goes in with Feed(). After an error the
// connection is of no further use, but Output() may hold an alert that the server
// should get. Not thread-safe. A warm exchange allocates nothing.
// Internal to transport and engines: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_TLS_SESSION_H_
#define ASSAY_TRANSPORT_TLS_TLS_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "assay/core/result.h"
#include "assay/transport/tls/openssl.h"
#include "assay/transport/tls/tls_context.h"

namespace assay {

// What lies between OpenSSL and the network.
struct TlsWire {
  std::string_view input{};  // fed, not yet taken
  bool input_ended = false;
  std::string output{};  // keeps its memory
};

class TlsSession {
 public:
  // `context` outlives the session.
  explicit TlsSession(TlsContext& context) noexcept : context_(context) {}
  ~TlsSession() { Stop(); }
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // A new connection to `host`, a name or an address, which the certificate has to
  // name; nothing of the one before is left. kTlsFailed if OpenSSL refuses.
  Result<Done> Start(const std::string& host, std::uint16_t port);

  // Goes on with the handshake: true when it is done, false while input is missing.
  // kTlsFailed with the reason ("certificate has expired"), or kConnectionClosed.
  Result<bool> Handshake();

  // Takes some of `text`, at least one byte if there is one, and returns how much.
  // To be called when Output() is empty, so that it stays small.
  Result<std::size_t> Encrypt(std::string_view text);

  enum class Input {
    kData,      // `bytes` of plain text have been written
    kMore,      // input is missing
    kFarewell,  // the server has said that nothing more will come (close_notify)
    kCut,       // the input has ended without that: something may be missing
  };
  struct Decrypted {
    Input what;
    std::size_t bytes;
  };
  // Plain text into `space`, which is not empty. kTlsFailed for an alert and for
  // bytes that are not TLS.
  Result<Decrypted> Decrypt(std::span<char> space);

  // What the network brought. It has to stay where it is until DropInput() or until
  // Handshake() or Decrypt() say that input is missing. Empty: the connection has ended.
  void Feed(std::string_view ciphertext) noexcept;

  // Forgets what is left of the input; true if nothing was.
  bool DropInput() noexcept;

  std::string_view Output() const noexcept { return std::string_view(wire_.output).substr(sent_); }
  void Sent(std::size_t bytes) noexcept;

  // Says farewell, so that the server knows that nothing was cut off: one more Output().
  void SayFarewell() noexcept;

  // Frees what OpenSSL holds for the connection.
  void Stop() noexcept;

  // Of the last handshake that is done.
  bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }
  std::string_view alpn() const noexcept;     // empty if nothing was agreed
  std::string_view version() const noexcept;  // "TLSv1.3"

 private:
  Result<bool> TakeTickets();
  Result<Done> ExpectHost(const std::string& host);
  bool SendServerName(std::string name);
  Error Failure(int returned);

  TlsContext& context_;
  openssl::Ssl ssl_{};
  TlsWire wire_{};
  std::size_t sent_ = 0;  // of wire_.output
  openssl::SessionCache::Place place_{};
  std::string expected_;  // the host that the certificate has to name
  bool established_ = false;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TLS_TLS_SESSION_H_
