// cpp-httplib: a thread and a client for each of `concurrency`, as its manual does it.

#include <httplib.h>

#include <atomic>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "assay/engines/result_writer.h"
#include "assay/transport/tls/pem.h"
#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

// One thread's clients, by origin index, kept from run to run.
struct Worker {
  std::map<std::size_t, httplib::Client> clients;
};

httplib::Client ClientOf(const Url& url) {
  const int port = url.port;
  if (!url.tls) return httplib::Client(url.host, port);
  const bool brackets = url.host.find(':') != std::string::npos;
  const std::string host = brackets ? "[" + url.host + "]" : url.host;
  return httplib::Client("https://" + host + ":" + std::to_string(port));
}

httplib::Request ForHttplib(const Request& request) {
  httplib::Request made;
  made.method = ToString(request.method);
  made.path = request.url.target;
  made.body = request.body;
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const Headers::Field field = request.headers[i];
    made.headers.emplace(field.name, field.value);
  }
  return made;
}

std::vector<openssl::Certificate> Authorities(const TlsOptions& options) {
  const openssl::Pem pem("ca", options.ca_file, options.ca_pem);
  return pem.given() ? pem.Certificates() : std::vector<openssl::Certificate>();
}

// All it says of a failure is whether it was the connect, TLS, a read or a write.
Error ToError(httplib::Error error) {
  if (error == httplib::Error::SSLConnection || error == httplib::Error::SSLLoadingCerts ||
      error == httplib::Error::SSLServerVerification) {
    return {ErrorCode::kTlsFailed, "cpp-httplib: " + httplib::to_string(error)};
  }
  const ErrorCode code =
      error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout
          ? ErrorCode::kConnectFailed
          : ErrorCode::kConnectionClosed;
  return {code, "cpp-httplib: " + httplib::to_string(error)};
}

class Httplib : public Engine {
 public:
  explicit Httplib(const EngineOptions& options)
      : options_(options),
        authorities_(Authorities(options.connection.tls)),
        workers_(static_cast<std::size_t>(*options.concurrency)) {}

  RunSummary Run(const Workload& workload, ResultSink& sink) override {
    const SteadyClock clock;
    const Duration cpu_before = CpuTime();
    const std::uint64_t opened_before = opened_;
    PreparedWorkload prepared(workload, options_.pooling, false, origins_);
    ResultWriter writer(sink);
    std::atomic<Duration::rep> cpu{0};
    const TimePoint started = clock.Now();
    prepared.Start(started);
    {
      std::vector<std::jthread> threads;
      for (Worker& worker : workers_) {
        threads.emplace_back([&] {
          Work(worker, workload, prepared, writer);
          cpu += CpuTime().count();  // the thread has done nothing else
        });
      }
    }
    return {.requests = writer.requests(),
            .failed = writer.failed(),
            .connections_opened = opened_ - opened_before,
            .elapsed = clock.Now() - started,
            .cpu = CpuTime() - cpu_before + Duration(cpu)};
  }

 private:
  void Work(Worker& worker, const Workload& workload, PreparedWorkload& prepared,
            ResultWriter& writer) {
    const SteadyClock clock;
    std::vector<httplib::Request> requests;
    for (const Request& request : workload.requests) requests.push_back(ForHttplib(request));
    TimePoint started = clock.Now();
    while (const PreparedWorkload::Item* item = prepared.Take(started)) {
      Response response;
      std::optional<Error> error = item->refused;
      if (!error) {
        const Url& url = workload.requests[prepared.IndexOf(*item)].url;
        error = Send(ClientFor(worker, item->origin->index, url), requests[prepared.IndexOf(*item)],
                     response);
      }
      const TimePoint ended = clock.Now();
      {
        const std::lock_guard lock(writing_);
        writer.Write(*item, started, ended, response, std::move(error));
      }
      started = clock.Now();
    }
  }

  static std::optional<Error> Send(httplib::Client& client, const httplib::Request& request,
                                   Response& response) {
    httplib::Result result = client.send(request);
    if (!result) return ToError(result.error());
    response.status = result->status;
    response.body = std::move(result->body);
    for (const auto& [name, value] : result->headers) response.headers.Add(name, value);
    return std::nullopt;
  }

  httplib::Client& ClientFor(Worker& worker, std::size_t origin, const Url& url) {
    auto found = worker.clients.find(origin);
    if (found != worker.clients.end()) return found->second;
    httplib::Client& client = worker.clients.emplace(origin, ClientOf(url)).first->second;
    if (url.tls) Secure(client);
    client.set_keep_alive(options_.pooling == Pooling::kPooled);
    client.set_tcp_nodelay(true);
    client.set_connection_timeout(options_.connection.timeout);
    client.set_read_timeout(options_.connection.timeout);
    client.set_write_timeout(options_.connection.timeout);
    client.set_socket_options([this](socket_t) { ++opened_; });
    return client;
  }

  void Secure(httplib::Client& client) const {
    const bool verify = options_.connection.tls.verify == TlsVerify::kPeer;
    client.enable_server_certificate_verification(verify);
    if (authorities_.empty()) return;  // those of the system
    X509_STORE* const store = X509_STORE_new();
    for (const auto& authority : authorities_) X509_STORE_add_cert(store, authority.get());
    client.set_ca_cert_store(store);  // which owns it from now on
  }

  EngineOptions options_;
  std::vector<openssl::Certificate> authorities_;
  OriginTable origins_;
  std::deque<Worker> workers_;
  std::mutex writing_;
  std::atomic<std::uint64_t> opened_{0};
};

}  // namespace

std::unique_ptr<Engine> MakeHttplib(const EngineOptions& options) {
  return std::make_unique<Httplib>(ResolveForPeer("httplib", options));
}

}  // namespace assay::bench
