// nginx as a server to measure against: one worker, a fixed answer of
// FixtureBody(), in a directory of its own that goes with it.
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
  // On a free port of the loopback interface. kIo when it is not installed or does not start.
  static Result<std::unique_ptr<Nginx>> Start();
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  Nginx() = default;
  bool WriteConfiguration() const;

  std::string directory_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_NGINX_H_
