#include "assay/transport/tls/tls_session.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "assay/transport/tls/wire_bio.h"

namespace assay {
namespace {

// Enough for one system call to be worth its while.
constexpr std::size_t kMostAtOnce = 16 * 1024;

Error Refused(std::string reason) { return {ErrorCode::kTlsFailed, std::move(reason)}; }

bool IsAddress(const std::string& host) {
  ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
  ERR_clear_error();
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

std::string CertificateReason(long verdict, const std::string& expected) {
  std::string reason = X509_verify_cert_error_string(verdict);
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    reason += ": the certificate is not for '" + expected + "'";
  }
  return reason;
}

}  // namespace

Result<Done> TlsSession::Start(const std::string& host, std::uint16_t port) {
  Stop();
  wire_.output.clear();
  wire_.input = {};
  wire_.input_ended = false;
  sent_ = 0;
  SSL_CTX* const context = context_.Get();
  if (context == nullptr) return Refused("OpenSSL cannot be started");
  ERR_clear_error();
  ssl_.reset(SSL_new(context));
  openssl::Bio bio = openssl::MakeWireBio(wire_);
  if (!ssl_ || !bio) return Refused(openssl::TakeReason());
  SSL_set_bio(ssl_.get(), bio.get(), bio.get());  // owns it from now on
  (void)bio.release();
  SSL_set_connect_state(ssl_.get());
  const std::string& name = context_.options().server_name;
  if (auto expects = ExpectHost(name.empty() ? host : name); !expects) return expects;
  if (context_.options().session_resumption) {
    place_.server = host + ":" + std::to_string(port);
    context_.sessions().Attach(ssl_.get(), place_);
  }
  return Done{};
}

// An address is verified as one, and never sent as a server name (RFC 6066 section 3).
Result<Done> TlsSession::ExpectHost(const std::string& host) {
  expected_ = host;
  X509_VERIFY_PARAM* const checks = SSL_get0_param(ssl_.get());
  const bool taken = IsAddress(host)
                         ? X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1
                         : X509_VERIFY_PARAM_set1_host(checks, host.data(), host.size()) == 1 &&
                               SendServerName(host);
  if (taken) return Done{};
  ERR_clear_error();
  return Refused("'" + host + "' is no name that a certificate can have");
}

// SSL_set_tlsext_host_name(), which is a macro with a cast of the old style.
bool TlsSession::SendServerName(std::string name) {
  return SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  name.data()) == 1;
}

Result<bool> TlsSession::Handshake() {
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned == 1) {
    established_ = true;
    context_.CountHandshake(resumed());
    return TakeTickets();
  }
  if (SSL_get_error(ssl_.get(), returned) == SSL_ERROR_WANT_READ) return false;
  // Whatever went wrong, the next attempt does not build on it.
  context_.sessions().Forget(place_.server);
  return Failure(returned);
}

// What came with the end of the handshake and has to be taken now: Feed() lends it
// only. Of a server that was not asked yet it can be sessions and nothing else.
Result<bool> TlsSession::TakeTickets() {
  while (!wire_.input.empty()) {
    char byte;
    std::size_t bytes = 0;
    const int returned = SSL_peek_ex(ssl_.get(), &byte, 1, &bytes);
    if (returned == 1) return Refused("the server speaks before it is asked");
    if (SSL_get_error(ssl_.get(), returned) != SSL_ERROR_WANT_READ) return Failure(returned);
  }
  return true;
}

Result<std::size_t> TlsSession::Encrypt(std::string_view text) {
  text = text.substr(0, kMostAtOnce);
  std::size_t taken = 0;
  ERR_clear_error();
  const int returned = SSL_write_ex(ssl_.get(), text.data(), text.size(), &taken);
  if (returned != 1) return Failure(returned);
  return taken;
}

Result<TlsSession::Decrypted> TlsSession::Decrypt(std::span<char> space) {
  std::size_t bytes = 0;
  ERR_clear_error();
  const int returned = SSL_read_ex(ssl_.get(), space.data(), space.size(), &bytes);
  if (returned == 1) return Decrypted{Input::kData, bytes};
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return Decrypted{Input::kMore, 0};
    case SSL_ERROR_ZERO_RETURN: return Decrypted{Input::kFarewell, 0};
    default: break;
  }
  Error error = Failure(returned);
  if (error.code == ErrorCode::kConnectionClosed) return Decrypted{Input::kCut, 0};
  return error;
}

Error TlsSession::Failure(int returned) {
  established_ = false;
  if (SSL_get_error(ssl_.get(), returned) == SSL_ERROR_ZERO_RETURN) {
    return {ErrorCode::kConnectionClosed, "connection closed by the server"};
  }
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return {ErrorCode::kConnectionClosed, "connection closed by the server"};
  }
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    ERR_clear_error();
    return Refused(CertificateReason(SSL_get_verify_result(ssl_.get()), expected_));
  }
  if (reason > SSL_AD_REASON_OFFSET) return Refused("the server says: " + openssl::TakeReason());
  return Refused(openssl::TakeReason());
}

void TlsSession::Feed(std::string_view ciphertext) noexcept {
  wire_.input = ciphertext;
  wire_.input_ended = ciphertext.empty();
}

bool TlsSession::DropInput() noexcept {
  const bool nothing_left = wire_.input.empty() && SSL_pending(ssl_.get()) == 0;
  wire_.input = {};
  return nothing_left;
}

void TlsSession::Sent(std::size_t bytes) noexcept {
  sent_ += bytes;
  if (sent_ < wire_.output.size()) return;
  wire_.output.clear();
  sent_ = 0;
}

void TlsSession::SayFarewell() noexcept {
  if (established_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

void TlsSession::Stop() noexcept {
  // Else OpenSSL takes the session for broken, and it could not be taken up again.
  if (established_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  established_ = false;
  ssl_.reset();
}

std::string_view TlsSession::alpn() const noexcept {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string_view TlsSession::version() const noexcept { return SSL_get_version(ssl_.get()); }

}  // namespace assay
