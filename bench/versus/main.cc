// The program behind bench/versus_wrk: engines and peers against wrk.
//
// The fixture runs in this process, nginx in one of its own, and so does every client, wrk or
// ours: what the kernel says of such a process is the client's CPU and nothing else.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>

#include "assay/fixture/gate/gate.h"
#include "bench/harness/context.h"
#include "bench/harness/descriptors.h"
#include "bench/harness/fixture.h"
#include "bench/versus/nginx.h"
#include "bench/versus/options.h"
#include "bench/versus/report.h"

namespace assay::bench {
namespace {

constexpr const char* kUsage =
    R"(usage: bench/versus_wrk [--rounds N] [--engines A,B] [--servers A,B] [--concurrency N,M]
                        [--tls A,B] [--json FILE]

Runs each client and `wrk -t1` in turn, one second each, in rounds, and prints a row for each client,
server, wire and number of connections.

  --rounds N         1 to 999 (10)
  --engines A,B      names of engines and peers, and hey (async,uring,floor,curl_multi,httplib,hey)
  --servers A,B      fixture, nginx (both)
  --concurrency N,M  connections, each 1 to 1000 (32,100)
  --tls A,B          off, on (both); clients that speak no TLS are left out of `on`
  --json FILE        the same for programs

What a row says:
  requests/s : wrk     above 1: more requests per second than wrk in the same round; the median
                       over the rounds and, in brackets, the quartiles
  CPU/request : wrk    below 1: less CPU of the client per request, likewise
  the other columns    medians of what the ratios are of

Every client is a process of its own, wrk too. CPU is what the kernel says of that process, with
all its threads, user and system time, from its start to its end, over all requests that it sent; no
server is in it. Engines and peers run in build/release/bin/versus_client: it warms up with 20
requests a connection and checks status and length of all answers, wrk and hey check the status.
Over TLS the fixture is behind its gate; engines verify the certificate, wrk and hey do not.

Exit status: 0 measured, 2 wrong option, 3 something could not be measured.
)";

struct Address {
  std::string server{};
  std::string url{};
  std::string authority{};
};

// The servers that can be had, and how they are reached.
struct Servers {
  std::optional<fixture::MockServer> fixture{};
  std::optional<fixture::Gate> gate{};
  std::unique_ptr<Nginx> nginx{};
  std::vector<Address> addresses{};
};

void StartFixture(Servers& servers, const VersusOptions& options) {
  servers.fixture.emplace(FixtureOptions(Duration::zero(), std::ranges::max(options.concurrency)));
  servers.gate.emplace(
      fixture::GateOptions{.upstream_port = servers.fixture->port(), .tls = fixture::TlsOptions{}});
  const Url url = FixtureRequest(*servers.fixture).url;
  for (const Wire wire : options.wires) {
    if (wire == Wire::kPlain) {
      servers.addresses.push_back({"fixture", url.ToString(), ""});
    } else {
      servers.addresses.push_back(
          {"fixture", servers.gate->Url(url.target), servers.gate->AuthorityPem()});
    }
  }
}

Result<Done> StartNginx(Servers& servers, const VersusOptions& options) {
  auto nginx = Nginx::Start();
  if (!nginx) return std::move(nginx).error();
  servers.nginx = std::move(*nginx);
  for (const Wire wire : options.wires) {
    const bool tls = wire == Wire::kTls;
    servers.addresses.push_back({"nginx", tls ? servers.nginx->TlsUrl() : servers.nginx->Url(),
                                 tls ? servers.nginx->authority() : ""});
  }
  return Done{};
}

void Start(Servers& servers, const VersusOptions& options, VersusReport& report) {
  for (const std::string& name : options.servers) {
    if (name == "fixture") {
      StartFixture(servers, options);
    } else if (auto started = StartNginx(servers, options); !started) {
      report.skipped.emplace_back(name, started.error().message);
    }
  }
}

// It is built beside this program.
std::string ClientProgram() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "versus_client";
}

// Everybody who can, on every server at every concurrency.
std::deque<Contest> Contests(const VersusOptions& options, const Servers& servers,
                             VersusReport& report) {
  std::deque<Contest> contests;
  for (const Address& address : servers.addresses) {
    for (const int concurrency : options.concurrency) {
      for (const std::string& name : options.engines) {
        const Match match{.client = name,
                          .server = address.server,
                          .url = address.url,
                          .authority = address.authority,
                          .concurrency = concurrency};
        if (const std::string why = WhyNot(match); !why.empty()) {
          report.skipped.emplace_back(name + " on " + address.server +
                                          (match.tls() ? " over TLS with " : " with ") +
                                          std::to_string(concurrency) + " connections",
                                      why);
        } else {
          contests.emplace_back(match, ClientProgram());
        }
      }
    }
  }
  return contests;
}

// In an order of its own each round, so that nobody always comes after the same other one.
Result<Done> RunRounds(const VersusOptions& options, std::deque<Contest>& contests) {
  std::vector<Contest*> order;
  for (Contest& contest : contests) order.push_back(&contest);
  std::mt19937 random(kSeed);
  for (int round = 0; round < options.rounds; ++round) {
    std::ranges::shuffle(order, random);
    for (Contest* contest : order) {
      if (auto done = contest->Round(round % 2 == 0); !done) {
        const Match& match = contest->match();
        return Error{done.error().code,
                     match.client + " on " + match.server + ": " + done.error().message};
      }
    }
    std::fprintf(stderr, "versus_wrk: round %d of %d\n", round + 1, options.rounds);
  }
  return Done{};
}

Result<Done> Measure(const VersusOptions& options, VersusReport& report) {
  Servers servers;
  Start(servers, options, report);
  std::deque<Contest> contests = Contests(options, servers, report);
  if (auto done = RunRounds(options, contests); !done) return done;
  for (const Contest& contest : contests) {
    report.rows.push_back(RowOf(contest.match(), contest.pairs()));
  }
  return Done{};
}

int Fail(int status, const std::string& why) {
  std::fprintf(stderr, "versus_wrk: %s\n", why.c_str());
  return status;
}

int Main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const auto options = ParseVersusOptions(arguments);
  if (!options) return Fail(2, options.error().message);
  VersusReport report{.context = ContextFacts(argc, argv), .rows = {}, .skipped = {}};
  for (const UnavailableEngine& missing : UnavailableContestants()) {
    report.skipped.emplace_back(missing.name, missing.reason);
  }
  if (auto done = Measure(*options, report); !done) return Fail(3, done.error().message);
  std::fputs(ToText(report).c_str(), stdout);
  if (options.value().json_file.empty()) return 0;
  std::ofstream file(options.value().json_file);
  file << ToJson(report);
  if (!file.flush()) return Fail(3, "cannot write " + options.value().json_file);
  return 0;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  assay::bench::RaiseDescriptorLimit();
  try {
    return assay::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "versus_wrk: %s\n", error.what());
    return 3;
  }
}
