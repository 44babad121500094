// Certificates and keys from PEM text or files, with the option's name in every
// complaint. Internal to transport/tls: it includes OpenSSL.
#ifndef ASSAY_TRANSPORT_TLS_PEM_H_
#define ASSAY_TRANSPORT_TLS_PEM_H_

#include <string>
#include <vector>

#include "assay/transport/tls/openssl.h"

namespace assay::openssl {

// One option, which is a file or a text.
class Pem {
 public:
  // Reads the file if there is one. std::invalid_argument:
  // "tls.ca_file 'x.pem': No such file or directory".
  Pem(const std::string& option, const std::string& file, const std::string& text);

  bool given() const noexcept { return !text_.empty(); }

  // One or more. std::invalid_argument names the option and OpenSSL's reason.
  std::vector<Certificate> Certificates() const;
  Key PrivateKey() const;

  // Throws std::invalid_argument with the option, `what` and OpenSSL's reason.
  [[noreturn]] void Refuse(const std::string& what) const;

 private:
  Bio Reading() const;

  std::string name_;  // "tls.ca_file 'x.pem'"
  std::string text_;
};

}  // namespace assay::openssl

#endif  // ASSAY_TRANSPORT_TLS_PEM_H_
