#include "assay/transport/tls/pem.h"

#include <openssl/pem.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace assay::openssl {
namespace {

// OpenSSL's own would ask for a pass phrase on the terminal.
int NoPassPhrase(char*, int, int, void*) { return -1; }

}  // namespace

Pem::Pem(const std::string& option, const std::string& file, const std::string& text)
    : name_("tls." + option + "_pem"), text_(text) {
  if (file.empty()) return;
  name_ = "tls." + option + "_file '" + file + "'";
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  text_.assign(std::istreambuf_iterator<char>(stream), {});
  if (text_.empty()) {
    const int failure = errno;
    throw std::invalid_argument(
        name_ + ": " + (failure == 0 ? "is empty" : std::generic_category().message(failure)));
  }
}

std::vector<Certificate> Pem::Certificates() const {
  const Bio bio = Reading();
  std::vector<Certificate> found;
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, NoPassPhrase, nullptr)) {
    found.emplace_back(next);
  }
  // That there is no further one is how a good list ends.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE || found.empty()) {
    Refuse("not certificates in PEM form");
  }
  ERR_clear_error();
  return found;
}

Key Pem::PrivateKey() const {
  Key key(PEM_read_bio_PrivateKey(Reading().get(), nullptr, NoPassPhrase, nullptr));
  if (!key) Refuse("not a private key in PEM form without a pass phrase");
  return key;
}

void Pem::Refuse(const std::string& what) const {
  throw std::invalid_argument(name_ + ": " + what + ": " + TakeReason());
}

Bio Pem::Reading() const {
  return Bio(BIO_new_mem_buf(text_.data(), static_cast<int>(text_.size())));
}

}  // namespace assay::openssl
