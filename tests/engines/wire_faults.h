// Requests through a gate whose faults strike the first of them, by an engine that has to
// be as good as new afterwards.
#ifndef ASSAY_TESTS_ENGINES_WIRE_FAULTS_H_
#define ASSAY_TESTS_ENGINES_WIRE_FAULTS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "assay/fixture/server/mock_server.h"
#include "tests/engines/conformance.h"

namespace assay {

enum class Scope { kConnection, kExchange };

struct WireFault {
  Scope scope;
  fixture::FaultAction action;
  // Part of the error's message, with GATE for the gate's name; the second one if TLS makes
  // it another.
  std::string_view says{};
  std::string_view says_with_tls = says;
};

class WireFaults : public EngineConformance {
 protected:
  static constexpr std::size_t kBodyBytes = 4000;
  static constexpr std::chrono::milliseconds kPatience{600};

  // One fault with a gate and an engine of its own.
  struct Trial {
    WireFault fault;
    std::unique_ptr<fixture::Gate> gate;
    std::unique_ptr<Engine> engine;
  };

  // `first`: so many connections, or exchanges of all connections, meet the fault.
  std::vector<Trial> Prepare(std::span<const WireFault> faults, std::uint64_t first,
                             const ConnectionOptions& connection = {}) {
    std::vector<Trial> trials;
    for (const WireFault& fault : faults) {
      auto gate = std::make_unique<fixture::Gate>(Options(fault, first));
      trusted_ = gate->AuthorityPem();
      trials.push_back({fault, std::move(gate), MakeEngine(connection)});
    }
    return trials;
  }

  // All at the same time, since most of them wait.
  template <class Judge>
  static void JudgeEach(std::vector<Trial>& trials, const Judge& judge) {
    std::vector<std::jthread> threads;
    for (Trial& trial : trials) {
      threads.emplace_back([&] {
        SCOPED_TRACE(std::string(kEffects[static_cast<int>(trial.fault.action.effect)]) + " at " +
                     std::string(kPoints[static_cast<int>(trial.fault.action.at)]) + " " +
                     std::to_string(trial.fault.action.after));
        judge(trial);
      });
    }
  }

  // Each fault spoils the first requests, each once, with `code`; those after it are answered.
  void ExpectFailThenWork(std::span<const WireFault> faults, ErrorCode code, std::uint64_t failing,
                          const ConnectionOptions& connection = {}) {
    std::vector<Trial> trials = Prepare(faults, failing, connection);
    JudgeEach(trials, [&](Trial& trial) {
      const Collector broken = RunOn(trial, failing);
      ExpectAllFail(broken, code);
      ExpectSaid(broken, trial);
      EXPECT_EQ(trial.gate->Stats().injected.at("fault"), failing);
      EXPECT_EQ(Right(RunOn(trial, 12)), 12u);
    });
  }

  Collector RunOn(const Trial& trial, std::uint64_t count) const {
    Collector got;
    const std::string target = "/bytes/" + std::to_string(kBodyBytes);
    trial.engine->Run({{Get(trial.gate->port(), target)}, count, {}}, got);
    EXPECT_EQ(got.results.size(), count);
    return got;
  }

  // How many have the right answer.
  static std::uint64_t Right(const Collector& got) {
    std::string right(kBodyBytes, ' ');
    for (std::size_t i = 0; i < kBodyBytes; ++i) right[i] = static_cast<char>('a' + i % 26);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < got.results.size(); ++i) {
      count += got.results[i].ok() && got.bodies[i] == right;
    }
    return count;
  }

  void ExpectSaid(const Collector& got, const Trial& trial) const {
    if (!HasOurMessages(kind())) return;
    const std::string_view expected = tls() ? trial.fault.says_with_tls : trial.fault.says;
    const std::string name = "127.0.0.1:" + std::to_string(trial.gate->port());
    for (const RequestResult& result : got.results) {
      std::string message = result.error ? result.error->message : "no error";
      if (const std::size_t at = message.find(name); at != std::string::npos) {
        message.replace(at, name.size(), "GATE");
      }
      EXPECT_NE(message.find(expected), std::string::npos)
          << "'" << message << "' without '" << expected << "'";
    }
  }

  std::uint64_t slots() const { return static_cast<std::uint64_t>(concurrency()); }

  fixture::MockServer server_;

 private:
  static constexpr std::string_view kPoints[] = {
      "accept",         "handshake",      "request start", "request bytes",
      "response start", "response bytes", "response end"};
  static constexpr std::string_view kEffects[] = {"reset",   "close",    "stall",  "delay",
                                                  "dribble", "throttle", "corrupt"};

  fixture::GateOptions Options(const WireFault& fault, std::uint64_t first) const {
    fixture::GateOptions options{.upstream_port = server_.port(), .protocol = fixture::Http1()};
    options.protocol.key = [](std::string_view) { return 1; };  // they are counted together
    fixture::FaultSelection when;
    for (std::uint64_t number = 1; number <= first; ++number) when.nth.push_back(number);
    if (fault.scope == Scope::kConnection) {
      options.connection_faults = {{.name = "fault", .when = when, .action = fault.action}};
    } else {
      options.exchange_faults = {{.name = "fault", .when = when, .action = fault.action}};
    }
    if (tls()) options.tls.emplace();
    return options;
  }
};

}  // namespace assay

#endif  // ASSAY_TESTS_ENGINES_WIRE_FAULTS_H_
