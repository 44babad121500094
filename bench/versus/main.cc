// The program behind bench/versus_wrk: engines and peers against wrk.
//
// CPU is the client's alone: of wrk what the kernel says of the process (wait4, its
// start of some milliseconds included), of an engine what it says of the engine's own
// threads. The fixture runs in this process, on threads of its own; nginx outside.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <exception>
#include <fstream>
#include <optional>
#include <random>

#include "bench/harness/context.h"
#include "bench/harness/fixture.h"
#include "bench/versus/nginx.h"
#include "bench/versus/options.h"
#include "bench/versus/report.h"

namespace assay::bench {
namespace {

constexpr const char* kUsage =
    R"(usage: bench/versus_wrk [--rounds N] [--engines A,B] [--servers A,B] [--concurrency N,M] [--json FILE]

Runs each engine and `wrk -t1` in turn, one second each, in rounds, and prints the ratios of requests
per second and of client CPU per request: the median over the rounds and, in brackets, the quartiles.

  --rounds N         1 to 999 (10)
  --engines A,B      names of engines and peers (async,uring,floor,curl_multi,httplib)
  --servers A,B      fixture, nginx (both)
  --concurrency N,M  connections, each 1 to 1000 (32,100)
  --json FILE        the same for programs

Exit status: 0 measured, 2 wrong option, 3 something could not be measured.
)";

// The servers that can be had.
struct Servers {
  std::optional<fixture::MockServer> fixture{};
  std::unique_ptr<Nginx> nginx{};
  std::vector<std::pair<std::string, std::string>> urls{};  // by name
};

void Start(Servers& servers, const VersusOptions& options, VersusReport& report) {
  for (const std::string& name : options.servers) {
    if (name == "fixture") {
      servers.fixture.emplace(
          FixtureOptions(Duration::zero(), std::ranges::max(options.concurrency)));
      servers.urls.emplace_back(name, FixtureRequest(*servers.fixture).url.ToString());
    } else if (auto nginx = Nginx::Start(); nginx.ok()) {
      servers.nginx = std::move(*nginx);
      servers.urls.emplace_back(name, servers.nginx->Url());
    } else {
      report.skipped.emplace_back(name, nginx.error().message);
    }
  }
}

// Every engine against every server at every concurrency, in an order of its own each
// round, so that nobody always comes after the same other one.
Result<Done> RunRounds(const VersusOptions& options, std::deque<Contest>& contests) {
  std::vector<Contest*> order;
  for (Contest& contest : contests) order.push_back(&contest);
  std::mt19937 random(kSeed);
  for (int round = 0; round < options.rounds; ++round) {
    std::ranges::shuffle(order, random);
    for (Contest* contest : order) {
      if (auto done = contest->Round(round % 2 == 0); !done) {
        return Error{done.error().code, std::string(contest->engine()) + " on " +
                                            contest->server() + ": " + done.error().message};
      }
    }
    std::fprintf(stderr, "versus_wrk: round %d of %d\n", round + 1, options.rounds);
  }
  return Done{};
}

Result<Done> Measure(const VersusOptions& options, VersusReport& report) {
  Servers servers;
  Start(servers, options, report);
  std::deque<Contest> contests;
  for (const auto& [server, url] : servers.urls) {
    for (const int concurrency : options.concurrency) {
      for (const std::string& name : options.engines) {
        const EngineKind& kind = *FindContestant(name);
        if (concurrency > kind.max_concurrency) {
          report.skipped.emplace_back(
              name + " with " + std::to_string(concurrency) + " connections",
              "it has at most " + std::to_string(kind.max_concurrency));
          continue;
        }
        contests.emplace_back(kind, server, url, concurrency);
      }
    }
  }
  if (auto done = RunRounds(options, contests); !done) return done;
  for (const Contest& contest : contests) {
    report.rows.push_back(RowOf(std::string(contest.engine()), contest.server(),
                                contest.concurrency(), contest.pairs()));
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
  // Hundreds of connections, both ends in this process, are more than the usual soft limit.
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  try {
    return assay::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "versus_wrk: %s\n", error.what());
    return 3;
  }
}
