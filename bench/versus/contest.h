// An engine and wrk in turn on one server, round by round.
#ifndef ASSAY_BENCH_VERSUS_CONTEST_H_
#define ASSAY_BENCH_VERSUS_CONTEST_H_

#include <string>
#include <vector>

#include "assay/engines/engines.h"

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

class Contest {
 public:
  // `server` is a name for the report, `url` what answers FixtureBody() there.
  Contest(const EngineKind& engine, std::string server, const std::string& url, int concurrency);

  // Both for one second, wrk first or second. The engine is a new one that has opened
  // its connections and whose answers were checked byte for byte; while it is timed,
  // status and length of every answer are.
  Result<Done> Round(bool wrk_first);

  std::string_view engine() const noexcept { return kind_.name; }
  const std::string& server() const noexcept { return server_; }
  int concurrency() const noexcept { return concurrency_; }
  const std::vector<Pair>& pairs() const noexcept { return pairs_; }

 private:
  Result<ClientRun> RunEngine() const;
  Result<ClientRun> RunWrkOnce() const;

  EngineKind kind_;
  std::string server_;
  std::string url_;
  int concurrency_;
  Request request_;
  std::vector<Pair> pairs_;
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_VERSUS_CONTEST_H_
