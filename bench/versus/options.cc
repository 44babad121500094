#include "bench/versus/options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "bench/harness/hey.h"
#include "bench/peers/peers.h"

namespace assay::bench {
namespace {

Error Wrong(std::string what) { return {ErrorCode::kInvalidRequest, std::move(what)}; }

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<int> NumberIn(std::string_view text, int most) {
  int number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

std::string Contestants() {
  std::string names;
  for (const EngineKind& kind : EngineKinds()) names.append(kind.name).append(", ");
  for (const PeerKind& kind : PeerKinds()) names.append(kind.engine.name).append(", ");
  return names.append(kHey);
}

Result<Done> SetEngines(VersusOptions& options, std::string_view value) {
  options.engines = SplitAtCommas(value);
  for (const std::string& name : options.engines) {
    for (const UnavailableEngine& missing : UnavailableContestants()) {
      if (missing.name == name) return Wrong("--engines " + name + ": " + missing.reason);
    }
    if (FindContestant(name) == nullptr && name != kHey) {
      return Wrong("--engines '" + name + "' is not one of " + Contestants());
    }
  }
  return Done{};
}

Result<Done> SetServers(VersusOptions& options, std::string_view value) {
  options.servers = SplitAtCommas(value);
  for (const std::string& name : options.servers) {
    if (name != "fixture" && name != "nginx") {
      return Wrong("--servers '" + name + "' is not fixture or nginx");
    }
  }
  return Done{};
}

Result<Done> SetConcurrency(VersusOptions& options, std::string_view value) {
  options.concurrency.clear();
  for (const std::string& part : SplitAtCommas(value)) {
    const auto number = NumberIn(part, 1000);
    if (!number) return Wrong("--concurrency '" + part + "' is not 1 to 1000");
    options.concurrency.push_back(*number);
  }
  return Done{};
}

Result<Done> SetWires(VersusOptions& options, std::string_view value) {
  options.wires.clear();
  for (const std::string& part : SplitAtCommas(value)) {
    if (part != "off" && part != "on") return Wrong("--tls '" + part + "' is not off or on");
    options.wires.push_back(part == "on" ? Wire::kTls : Wire::kPlain);
  }
  return Done{};
}

Result<Done> SetRounds(VersusOptions& options, std::string_view value) {
  const auto number = NumberIn(value, 999);
  if (!number) return Wrong("--rounds '" + std::string(value) + "' is not 1 to 999");
  options.rounds = *number;
  return Done{};
}

Result<Done> SetJson(VersusOptions& options, std::string_view value) {
  if (value.empty()) return Wrong("--json needs a file name");
  options.json_file = value;
  return Done{};
}

struct Option {
  std::string_view name;
  Result<Done> (*set)(VersusOptions&, std::string_view);
};

constexpr Option kOptions[] = {{"--rounds", SetRounds},   {"--json", SetJson},
                               {"--engines", SetEngines}, {"--servers", SetServers},
                               {"--tls", SetWires},       {"--concurrency", SetConcurrency}};

}  // namespace

std::vector<std::string> DefaultContestants() {
  std::vector<std::string> names;
  for (const std::string_view name : {"async", "uring", "floor", "curl_multi", "httplib"}) {
    if (FindContestant(name) != nullptr) names.emplace_back(name);
  }
  if (WhyNoHey().empty()) names.emplace_back(kHey);
  return names;
}

const EngineKind* FindContestant(std::string_view name) {
  if (const EngineKind* engine = FindEngine(name)) return engine;
  for (const PeerKind& kind : PeerKinds()) {
    if (kind.engine.name == name) return &kind.engine;
  }
  return nullptr;
}

std::vector<UnavailableEngine> UnavailableContestants() {
  std::vector<UnavailableEngine> missing(UnavailableEngines().begin(), UnavailableEngines().end());
  missing.insert(missing.end(), UnavailablePeers().begin(), UnavailablePeers().end());
  if (std::string reason = WhyNoHey(); !reason.empty()) missing.push_back({kHey, reason});
  return missing;
}

Result<VersusOptions> ParseVersusOptions(std::span<const std::string_view> arguments) {
  VersusOptions options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const auto* option = std::ranges::find(kOptions, arguments[i], &Option::name);
    if (option == std::end(kOptions)) {
      return Wrong("unknown option '" + std::string(arguments[i]) + "'; see --help");
    }
    if (i + 1 == arguments.size()) return Wrong(std::string(arguments[i]) + " needs a value");
    if (auto set = option->set(options, arguments[i + 1]); !set) return std::move(set).error();
  }
  if (options.engines.empty()) options.engines = DefaultContestants();
  return options;
}

}  // namespace assay::bench
