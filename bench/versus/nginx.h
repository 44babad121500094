// nginx as a server to measure against: one worker, a fixed answer of
// FixtureBody(), plain and over TLS, in a directory of its own that goes with it.
#ifndef ASSAY_BENCH_VERSUS_NGINX_H_
#define ASSAY_BENCH_VERSUS_NGINX_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "assay/core/result.h"

namespace assay::bench {

class Nginx {
 public:
  // On free ports of the loopback interface, with a certificate made for it. kIo when it is not
  // installed or does not start.
  static Result<std::unique_ptr<Nginx>> Start();
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  // PEM of who signed its certificate.
  const std::string& authority() const noexcept { return authority_; }
  std::string TlsUrl() const { return "https://127.0.0.1:" + std::to_string(tls_port_) + "/"; }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  Nginx() = default;
  bool WriteConfiguration() const;
  bool WriteCertificate();

  std::string directory_;
  std::string authority_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  pid_t process_ = -1;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_NGINX_H_
