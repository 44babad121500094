#include "bench/versus/nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <vector>

#include "assay/fixture/gate/certificate.h"
#include "assay/transport/client.h"
#include "bench/harness/fixture.h"

extern char** environ;

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

Error Failed(const std::string& why) { return {ErrorCode::kIo, "nginx: " + why}; }

// Debian keeps it where only root looks.
std::string Program() {
  for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"}) {
    if (::access(path, X_OK) == 0) return path;
  }
  return {};
}

// A listening socket on a port that the kernel chooses; its number, or 0.
std::uint16_t Listen(int fd) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 1024) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

// nginx takes over listening sockets that this variable numbers, which is how it is
// upgraded; so the port is ours before it starts, and nobody can come in between.
pid_t Spawn(const std::string& program, const std::string& directory,
            const std::array<int, 2>& listeners) {
  std::string inherited =
      "NGINX=" + std::to_string(listeners[0]) + ";" + std::to_string(listeners[1]) + ";";
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(inherited.data());
  environment.push_back(nullptr);
  std::array<std::string, 6> arguments = {program, "-p", directory + "/", "-c", "nginx.conf", "-q"};
  std::array<char*, 7> argv{};
  for (std::size_t i = 0; i < arguments.size(); ++i) argv[i] = arguments[i].data();
  // Its words go to a file: our standard output is the report.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (directory + "/error.log").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  pid_t child = -1;
  if (::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environment.data()) !=
      0) {
    child = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

// Empty when it answers as it should.
std::string WhatIsWrong(const std::string& url, const std::string& authority) {
  Client client(Pooling::kNaive,
                {.timeout = std::chrono::seconds(10), .tls = {.ca_pem = authority}});
  const auto response = client.Send({Method::kGet, Url::Parse(url).value(), {}, {}});
  if (!response) return response.error().message;
  if (response.value().status == 200 && response.value().body == FixtureBody()) return {};
  return "another answer, status " + std::to_string(response.value().status);
}

}  // namespace

Result<std::unique_ptr<Nginx>> Nginx::Start() {
  const std::string program = Program();
  if (program.empty()) return Failed("not installed (Debian: apt-get install nginx-light)");
  std::string directory = fs::temp_directory_path() / "assay_nginx_XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) return Failed("no directory " + directory);
  std::unique_ptr<Nginx> server(new Nginx);
  server->directory_ = directory;
  const std::array<int, 2> listeners = {::socket(AF_INET, SOCK_STREAM, 0),
                                        ::socket(AF_INET, SOCK_STREAM, 0)};
  server->port_ = Listen(listeners[0]);
  server->tls_port_ = Listen(listeners[1]);
  if (server->port_ != 0 && server->tls_port_ != 0 && server->WriteCertificate() &&
      server->WriteConfiguration()) {
    server->process_ = Spawn(program, directory, listeners);
  }
  for (const int listener : listeners) ::close(listener);
  if (server->process_ < 0) return Failed("could not be started in " + directory);
  for (const std::string& url : {server->Url(), server->TlsUrl()}) {
    if (const auto wrong = WhatIsWrong(url, server->authority_); !wrong.empty()) {
      return Failed(wrong);
    }
  }
  return server;
}

bool Nginx::WriteCertificate() {
  const fixture::Certificates certificates(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  const fixture::Identity identity =
      certificates.Server(fixture::CertificateKind::kGood, {"127.0.0.1"});
  authority_ = certificates.authority();
  std::ofstream certificate(directory_ + "/certificate.pem"), key(directory_ + "/key.pem");
  certificate << identity.certificate;
  key << identity.key;
  return certificate.flush().good() && key.flush().good();
}

bool Nginx::WriteConfiguration() const {
  std::ofstream file(directory_ + "/nginx.conf");
  file << "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log;\n"
          "events { worker_connections 4096; }\n"
          "http {\n"
          "  access_log off;\n"
          "  keepalive_requests 1000000000;\n"
          "  keepalive_timeout 1h;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    file << "  " << kind << "_temp_path " << kind << ";\n";
  }
  file << "  server {\n    listen 127.0.0.1:" << port_ << ";\n"
       << "    listen 127.0.0.1:" << tls_port_ << " ssl;\n"
       << "    ssl_certificate certificate.pem;\n    ssl_certificate_key key.pem;\n"
       << "    location / { default_type text/plain; return 200 \"" << FixtureBody() << "\"; }\n"
       << "  }\n}\n";
  return file.flush().good();
}

Nginx::~Nginx() {
  if (process_ > 0) {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

}  // namespace assay::bench
