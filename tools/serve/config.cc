#include "tools/serve/config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "assay/fixture/gate/gate_plan.h"
#include "assay/fixture/plan/plan.h"
#include "tools/serve/answer.h"
#include "tools/serve/fields.h"
#include "tools/serve/gate.h"
#include "tools/serve/one_line.h"
#include "tools/serve/rule.h"

namespace assay::serve {

namespace {

constexpr int kMost = 10'000;  // connections, slots and waiting requests of a MockServer

}  // namespace

// Static and not in a nameless namespace, into which a lookup by arguments does not see.
static void Read(const Node& node, fixture::CapacityOptions& into) {
  Fields(node)
      .Field("slots", into.slots, 1, kMost)
      .Field("queue", into.queue, 0, kMost)
      .Field("reject", into.reject)
      .Done();
}

namespace {

void ReadRoot(const Node& node, Config& into) {
  fixture::MockServerOptions& server = into.server;
  fixture::PlanOptions& plan = server.plan;
  Fields(node)
      .Field("latency", plan.latency)
      .Field("jitter", plan.jitter)
      .Field("error_rate", plan.error_rate)
      .Field("seed", plan.seed)
      .Field("rate_limit_after", plan.rate_limit_after)
      .Field("retry_after_min_s", plan.retry_after_min_s)
      .Field("retry_after_max_s", plan.retry_after_max_s)
      .Field("rules", plan.rules)
      .Field("max_connections", server.max_connections, 1, kMost)
      .Field("port", server.port)
      .Field("journal_entries", server.journal_entries, 0, 1'000'000)
      .Field("capacity", server.capacity)
      .Field("gate", into.gate)
      .Done();
  if (into.gate) into.gate->seed = plan.seed;
}

// What the plans refuse; empty if they can be made.
std::string Refusal(const Config& config) {
  try {
    const fixture::Plan plan(config.server.plan);
    if (config.gate) {
      const fixture::GatePlan gate(config.gate->seed, config.gate->connection_faults,
                                   config.gate->exchange_faults);
    }
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

Error Failed(const std::string& path, const std::string& what) {
  return {ErrorCode::kIo, path + ": " + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<Config> ReadConfig(const std::string& name, std::string_view text) {
  Config config;
  auto read = ReadDocument(name, text, [&](const Node& node) { ReadRoot(node, config); });
  if (!read) return std::move(read).error();
  const std::string refusal = Refusal(config);
  if (!refusal.empty()) return Error{ErrorCode::kIo, OneLine(name + ": " + refusal)};
  return config;
}

Result<Config> ReadConfigFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Failed(path, "cannot be opened");
  std::string text;
  for (char piece[65536]; file.read(piece, sizeof(piece)), file.gcount() > 0;) {
    text.append(piece, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return Failed(path, "cannot be read");
  return ReadConfig(path, text);
}

}  // namespace assay::serve
