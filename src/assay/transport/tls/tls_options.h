// How connections to https URLs are secured. A value.
//
// As it stands it is safe: the server's certificate has to be signed by an
// authority that this system trusts and to name the host of the URL. Left out:
// revocation lists, OCSP, pre-shared keys, early data.
#ifndef ASSAY_TRANSPORT_TLS_TLS_OPTIONS_H_
#define ASSAY_TRANSPORT_TLS_TLS_OPTIONS_H_

#include <string>
#include <vector>

namespace assay {

enum class TlsVersion { k1_2, k1_3 };

enum class TlsVerify {
  kPeer,
  kOffInsecure,  // anybody can pose as the server; said on stderr once for each engine or client
};

struct TlsOptions {
  // Who is trusted, as PEM: a file or the text itself. Both empty: the system's store.
  std::string ca_file{};
  std::string ca_pem{};
  // For servers that ask who the client is: a certificate, with its chain if it has
  // one, and its key without a pass phrase; each as a file or as text, both or neither.
  std::string certificate_file{};
  std::string certificate_pem{};
  std::string key_file{};
  std::string key_pem{};
  // Offered by ALPN, the preferred one first; empty: no ALPN. Each 1 to 255 bytes.
  // Whatever the server chooses, HTTP/1.1 is spoken.
  std::vector<std::string> alpn{"http/1.1"};
  TlsVersion min_version = TlsVersion::k1_2;
  // The name or address to ask for (SNI) and to verify, instead of the URL's host.
  std::string server_name{};
  TlsVerify verify = TlsVerify::kPeer;
  // Later connections to the same host and port take up the newest session that the
  // server offered; with TLS 1.3 each session serves one of them.
  bool session_resumption = true;

  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

// std::invalid_argument that names the option and what is accepted; files are not
// opened yet.
void Validate(const TlsOptions& options);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_TLS_TLS_OPTIONS_H_
