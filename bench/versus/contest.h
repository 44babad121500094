// A client and wrk in turn on one server, round by round.
//
// Each is a process of its own, and its CPU is what the kernel says of the whole process when
// it has ended (wait4): all threads, user and system time, what starting took included, and
// nothing of a server. It is divided by all requests that the process sent.
#ifndef ASSAY_BENCH_VERSUS_CONTEST_H_
#define ASSAY_BENCH_VERSUS_CONTEST_H_

#include <string>
#include <utility>
#include <vector>

#include "assay/core/result.h"

namespace assay::bench {

// One of them, for a second.
struct ClientRun {
  double rps = 0;
  double cpu_us_per_req = 0;
};

// What was measured side by side in one round.
struct Pair {
  ClientRun engine;
  ClientRun wrk;
};

// Who competes where.
struct Match {
  std::string client{};     // an engine or a peer, or "hey"
  std::string server{};     // a name for the report
  std::string url{};        // what answers FixtureBody() there; https: over TLS
  std::string authority{};  // PEM of who signed the server's certificate, for https
  int concurrency = 1;

  bool tls() const { return url.starts_with("https:"); }
};

// Why there is no such match; empty when there is.
std::string WhyNot(const Match& match);

class Contest {
 public:
  // `client_program` is the path of versus_client, which runs engines and peers.
  Contest(Match match, std::string client_program)
      : match_(std::move(match)), client_program_(std::move(client_program)) {}

  // Both for one second, wrk first or second, each as a new process that is billed as a
  // whole. Engines check all answers (bench/versus/client.h).
  Result<Done> Round(bool wrk_first);

  const Match& match() const noexcept { return match_; }
  const std::vector<Pair>& pairs() const noexcept { return pairs_; }

 private:
  Result<ClientRun> RunOurs() const;

  Match match_;
  std::string client_program_;
  std::vector<Pair> pairs_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_CONTEST_H_
