#include "assay/transport/tls/tls_options.h"

#include <stdexcept>

namespace assay {
namespace {

void RefuseBoth(const std::string& file, const std::string& pem, const std::string& option) {
  if (file.empty() || pem.empty()) return;
  throw std::invalid_argument("tls." + option + "_file and tls." + option +
                              "_pem are both set; only one can be");
}

}  // namespace

void Validate(const TlsOptions& options) {
  RefuseBoth(options.ca_file, options.ca_pem, "ca");
  RefuseBoth(options.certificate_file, options.certificate_pem, "certificate");
  RefuseBoth(options.key_file, options.key_pem, "key");
  const bool certificate = !options.certificate_file.empty() || !options.certificate_pem.empty();
  const bool key = !options.key_file.empty() || !options.key_pem.empty();
  if (certificate != key) {
    throw std::invalid_argument(certificate ? "tls.certificate: is set without tls.key"
                                            : "tls.key: is set without tls.certificate");
  }
  for (const std::string& name : options.alpn) {
    if (!name.empty() && name.size() <= 255) continue;
    throw std::invalid_argument("tls.alpn: a name of " + std::to_string(name.size()) +
                                " bytes is not 1 to 255 bytes long");
  }
  if (options.server_name.find('\0') != std::string::npos || options.server_name.size() > 253) {
    throw std::invalid_argument("tls.server_name: is longer than 253 bytes or has a NUL");
  }
}

}  // namespace assay
