// assay serve: the fixture as a server of its own.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>

#include "assay/fixture/plan/latency.h"
#include "assay/fixture/plan/plan.h"
#include "tools/assay/commands.h"
#include "tools/assay/output.h"
#include "tools/serve/config.h"
#include "tools/serve/duration.h"
#include "tools/serve/gate.h"
#include "tools/serve/running.h"
#include "tools/serve/text.h"

namespace assay {
namespace {

struct ServeCommand {
  std::string config;
  std::optional<std::uint16_t> port;
  std::optional<std::string> latency;
  std::optional<double> jitter, error_rate;
  std::optional<std::uint64_t> seed, rate_limit_after;
  std::optional<int> max_connections;
  std::optional<std::string> certificate;  // of --tls
  std::string authority_pem, client_pem;
  bool journal = false;
};

constexpr long kJournalPauseNs = 50'000'000;  // between looks at the journal
constexpr std::size_t kJournalEntries = 1000;

int Fail(const std::string& what, int exit_code = kFailure) {
  return Complain("serve", what, exit_code);
}

// From now on the two signals wait for it instead of killing. Made before there are threads,
// which inherit that. For the rest of the process: a second signal, while we stop, must not
// change how it ends.
class Signals {
 public:
  Signals() {
    sigemptyset(&awaited_);
    sigaddset(&awaited_, SIGINT);
    sigaddset(&awaited_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &awaited_, nullptr);
  }

  // False if none of them has come within `ns`, below 1 s.
  bool Within(long ns) const {
    const timespec pause{.tv_sec = 0, .tv_nsec = ns};
    return sigtimedwait(&awaited_, nullptr, &pause) > 0;
  }
  void Await() const {
    while (sigwaitinfo(&awaited_, nullptr) < 0) {  // a debugger interrupts it
    }
  }

 private:
  sigset_t awaited_{};
};

// The options go before the file; all of them have been checked.
void Override(serve::Config& config, const ServeCommand& options) {
  fixture::PlanOptions& plan = config.server.plan;
  if (options.port) config.server.port = *options.port;
  if (options.latency) plan.latency = *serve::ParseDuration(*options.latency);
  if (options.jitter) plan.jitter = *options.jitter;
  if (options.error_rate) plan.error_rate = *options.error_rate;
  if (options.seed) plan.seed = *options.seed;
  if (options.rate_limit_after) plan.rate_limit_after = *options.rate_limit_after;
  if (options.max_connections) config.server.max_connections = *options.max_connections;
  if (options.journal) {
    config.server.journal_entries = std::max(config.server.journal_entries, kJournalEntries);
  }
  if (options.certificate) {
    if (!config.gate) config.gate = fixture::GateOptions{.protocol = fixture::Http1()};
    if (!config.gate->tls) config.gate->tls.emplace();
    config.gate->tls->certificate = *serve::CertificateKindOf(*options.certificate);
  }
  if (!options.client_pem.empty() && config.gate && config.gate->tls) {
    config.gate->tls->client_certificate = true;
  }
  if (config.gate) config.gate->seed = plan.seed;
}

Result<Done> WriteCertificates(const fixture::Gate& gate, const ServeCommand& options) {
  if (!options.authority_pem.empty()) {
    auto written = WriteWhole(options.authority_pem, gate.AuthorityPem());
    if (!written) return written;
  }
  if (options.client_pem.empty()) return Done{};
  const fixture::Identity client = gate.ClientIdentity();
  return WriteWhole(options.client_pem, client.certificate + client.key);
}

void ServeUntilSignal(const serve::Running& running, const Signals& signals, bool journal,
                      std::uint64_t& shown) {
  if (!journal) return signals.Await();
  while (!signals.Within(kJournalPauseNs)) {
    std::fputs(serve::LinesAfter(shown, running.Journal()).c_str(), stderr);
  }
}

int Serve(const serve::Config& config, const ServeCommand& options) {
  const Signals signals;
  serve::Running running(config);  // from here on SIGPIPE is ignored, MockServer promises
  if (running.gate() != nullptr) {
    const auto written = WriteCertificates(*running.gate(), options);
    if (!written) return Fail(written.error().message);
  }
  std::printf("listening on %s\n", running.Url().c_str());
  if (std::fflush(stdout) != 0) return Fail("stdout: cannot be written");
  std::uint64_t shown = 0;
  ServeUntilSignal(running, signals, options.journal, shown);
  const serve::Served served = running.Stop();
  if (options.journal) {
    std::fputs(serve::LinesAfter(shown, running.Journal()).c_str(), stderr);
  }
  std::fputs(serve::Summary(served).c_str(), stderr);
  return kPass;
}

int RunServe(const ServeCommand& options) {
  serve::Config config;
  if (!options.config.empty()) {
    auto read = serve::ReadConfigFile(options.config);
    if (!read) return Fail(read.error().message);
    config = std::move(*read);
  }
  Override(config, options);
  try {
    const fixture::Plan plan(config.server.plan);
  } catch (const std::invalid_argument& error) {  // the file's own has been accepted before
    return Fail(error.what(), kUsage);
  }
  const bool tls = config.gate && config.gate->tls;
  for (const auto& [name, path] : {std::pair("--authority-pem", options.authority_pem),
                                   std::pair("--client-pem", options.client_pem)}) {
    if (tls || path.empty()) continue;
    return Fail(std::string(name) +
                    ": there is no TLS; accepted: with --tls, or gate.tls in the "
                    "configuration",
                kUsage);
  }
  try {
    return Serve(config, options);
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}

std::string WrongDelay(const std::string& text) {
  const auto delay = serve::ParseDuration(text);
  if (delay && *delay <= fixture::kLongestLatency) return "";
  return "\"" + text + "\" is not " + std::string(serve::kDurationForm) + " of at most 60 s";
}

}  // namespace

void AddServeCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeCommand>();
  CLI::App* command =
      app.add_subcommand("serve", "a server that is slow, wrong or rude on demand, reproducibly");
  command->add_option("--config", options->config,
                      "JSON file with rules, faults and the rest; options go before it");
  command->add_option("--port", options->port, "of 127.0.0.1; 0, the default, is any free one")
      ->check(CLI::Range(0, 65535));
  command
      ->add_option("--latency", options->latency,
                   "of every request that meets no rule, for example 5ms or 250us")
      ->check(CLI::Validator(WrongDelay, "DURATION"));
  command
      ->add_option("--jitter", options->jitter, "adds up to so many times the latency, uniformly")
      ->check(CLI::Range(0.0, 10.0));
  command->add_option("--error-rate", options->error_rate, "share of requests answered with 500")
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--rate-limit-after", options->rate_limit_after,
                   "so many requests are served, all others get 429")
      ->check(CLI::NonNegativeNumber);  // or -1 becomes a large one
  command->add_option("--seed", options->seed, "of all that is drawn; 1 if none is given")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--max-connections", options->max_connections,
                   "served at once, each with a thread; further ones wait; 128 if none is given")
      ->check(CLI::Range(1, 10'000));
  command
      ->add_option("--tls", options->certificate,
                   "with a certificate that is good, or wrong in the way that is named")
      ->expected(0, 1)
      ->check(CLI::IsMember(std::vector<std::string>(serve::kCertificateKinds.begin(),
                                                     serve::kCertificateKinds.end())));
  command->add_option("--authority-pem", options->authority_pem,
                      "write the authority's certificate to this file: what clients must trust");
  command->add_option("--client-pem", options->client_pem,
                      "clients need a certificate: write one, with its key, to this file");
  command->add_flag("--journal", options->journal, "a line on stderr for each request");
  command->footer(
      "Prints \"listening on http://127.0.0.1:PORT\" when it does. SIGINT and SIGTERM stop it at\n"
      "once, whatever is under way; what there was is then told on stderr.\n"
      "Exit status: 0 stopped by a signal, 2 wrong options, 3 the configuration cannot be read or\n"
      "the port cannot be had.\n\n"
      "Examples:\n"
      "  assay serve --port 8080 --latency 5ms --jitter 0.2 --error-rate 0.01 --journal\n"
      "  curl -i http://127.0.0.1:8080/anything -H 'X-Request-Id: 7'    (the same fate every "
      "time)\n"
      "  assay serve --port 8443 --tls --authority-pem ca.pem\n"
      "  curl --cacert ca.pem https://127.0.0.1:8443/get\n"
      "  assay serve --port 8443 --tls expired        (curl: certificate has expired)\n"
      "  assay serve --config tools/serve/example.json     (all keys: tools/serve/README.md)");
  command->callback([options, &exit_code] { exit_code = RunServe(*options); });
}

}  // namespace assay
