// nginx as a reverse proxy in front of a MockServer, with connections that it keeps.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "tests/fixtures/gate_world.h"
#include "tests/fixtures/programs.h"

namespace assay::fixture {
namespace {

#define ASSAY_NEEDS_NGINX()     \
  ASSAY_NEEDS_PROGRAM("nginx"); \
  ASSAY_NEEDS_PROGRAM("curl")

// One process, as whoever runs the test, with a socket in a folder of its own instead
// of a port that somebody else might take.
class Nginx {
 public:
  explicit Nginx(std::uint16_t upstream) {
    std::string folder = testing::TempDir() + "assay_nginx_XXXXXX";
    folder_ = mkdtemp(folder.data());
    std::ofstream(folder_ + "/nginx.conf") << Configuration(upstream);
    child_ = fork();
    if (child_ == 0) {
      setenv("PATH", "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin", 1);
      execlp("nginx", "nginx", "-e", (folder_ + "/error.log").c_str(), "-c",
             (folder_ + "/nginx.conf").c_str(), "-p", folder_.c_str(), nullptr);
      _exit(127);
    }
    Await([&] { return Listens() || HasEnded(); });
    EXPECT_TRUE(Listens()) << Shell("cat " + folder_ + "/error.log").output;
  }
  ~Nginx() {
    if (!HasEnded()) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  Outcome Curl(const std::string& path, const std::string& arguments = "") const {
    return Shell("curl -q -sS --noproxy '*' -m 20 --unix-socket " + folder_ + "/socket " +
                 arguments + " 'http://localhost" + path + "'");
  }
  std::string Status(const std::string& path) const {
    return Curl(path, "-o /dev/null -w '%{http_code}'").output;
  }

 private:
  std::string Configuration(std::uint16_t upstream) const {
    std::string text = "daemon off;\nmaster_process off;\npid " + folder_ + "/pid;\n" +
                       "events { }\nhttp {\n  access_log off;\n";
    for (const std::string kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      text += "  " + kind + "_temp_path " + folder_ + "/" + kind + ";\n";
    }
    return text + "  upstream mock { server 127.0.0.1:" + std::to_string(upstream) +
           "; keepalive 4; }\n  server {\n    listen unix:" + folder_ + "/socket;\n" +
           R"(    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://mock; }
    location /delay/ { proxy_pass http://mock; proxy_read_timeout 100ms; }
  }
}
)";
  }

  bool HasEnded() {
    ended_ = ended_ || waitpid(child_, nullptr, WNOHANG) != 0;
    return ended_;
  }

  bool Listens() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ + "/socket";
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected =
        connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    close(fd);
    return connected;
  }

  std::string folder_;
  pid_t child_ = -1;
  bool ended_ = false;
};

TEST(Nginx, PassesAllOnOverOneConnection) {
  ASSAY_NEEDS_NGINX();
  const MockServer server;
  const Nginx nginx(server.port());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(nginx.Curl("/bytes/3").output, "abc");
  EXPECT_NE(nginx.Curl("/post", "-d hello").output.find("\"hello\""), std::string::npos);
  EXPECT_EQ(nginx.Status("/status/404"), "404");
  EXPECT_EQ(server.Stats().connections, 1u);
  EXPECT_EQ(server.Stats().requests, 12u);
}

TEST(Nginx, PassesOnChunksAndCodings) {
  ASSAY_NEEDS_NGINX();
  const MockServer server;
  const Nginx nginx(server.port());
  EXPECT_EQ(nginx.Curl("/chunked/100000").output.size(), 100'000u);
  EXPECT_EQ(nginx.Curl("/drip/20").output.size(), 20u);
  EXPECT_NE(nginx.Curl("/gzip", "--compressed").output.find("\"GET\""), std::string::npos);
  EXPECT_NE(nginx.Curl("/deflate", "--compressed").output.find("\"GET\""), std::string::npos);
  EXPECT_EQ(nginx.Curl("/bytes/9", "-I -o /dev/null -w '%{http_code}'").output, "200");
  EXPECT_EQ(nginx.Status("/status/204"), "204");
}

TEST(Nginx, SaysBadGatewayWhileTheServerIsDown) {
  ASSAY_NEEDS_NGINX();
  MockServer server;
  const Nginx nginx(server.port());
  EXPECT_EQ(nginx.Status("/health"), "200");
  server.Down();
  EXPECT_EQ(nginx.Status("/health"), "502");
  server.Up();
  EXPECT_EQ(nginx.Status("/health"), "200");
}

TEST(Nginx, SaysGatewayTimeOutForASlowAnswer) {
  ASSAY_NEEDS_NGINX();
  const MockServer server;
  const Nginx nginx(server.port());
  EXPECT_EQ(nginx.Status("/delay/60000"), "504");
  EXPECT_EQ(nginx.Status("/health"), "200");
}

TEST(Nginx, SeesWhatAGateDoesToTheWire) {
  ASSAY_NEEDS_NGINX();
  const MockServer server;
  const auto status = [&](FaultAction action) {
    GateOptions options{.upstream_port = server.port(), .protocol = Http1()};
    options.exchange_faults = OneExchangeFault("x", {.every = 1}, std::move(action));
    const Gate gate(options);
    return Nginx(gate.port()).Curl("/bytes/100000", "-o /dev/null -w '%{http_code}'");
  };
  EXPECT_EQ(status({.at = FaultPoint::kResponseStart, .effect = FaultEffect::kReset}).output,
            "502");
  EXPECT_EQ(status({.at = FaultPoint::kResponseStart, .effect = FaultEffect::kClose}).output,
            "502");
  const Outcome whole = status({.at = FaultPoint::kResponseEnd, .effect = FaultEffect::kReset});
  EXPECT_EQ(whole.output, "200");
  EXPECT_EQ(whole.status, 0);
  constexpr int kPartialFile = 18;
  EXPECT_EQ(
      status({.at = FaultPoint::kResponseBytes, .after = 50'000, .effect = FaultEffect::kClose})
          .status,
      kPartialFile);
}

}  // namespace
}  // namespace assay::fixture
