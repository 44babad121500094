#include "tools/serve/text.h"

#include "assay/core/duration_text.h"
#include "tools/serve/one_line.h"

namespace assay::serve {
namespace {

std::string Count(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// "faults: 1 error, 2 rate limited\n", nothing if all are 0.
std::string FaultLine(const fixture::MockServerStats& stats) {
  std::string line;
  const auto add = [&](std::uint64_t count, const std::string& text) {
    if (count > 0) line += (line.empty() ? "faults: " : ", ") + text;
  };
  add(stats.errors_injected, Count(stats.errors_injected, "error"));
  add(stats.rate_limited, std::to_string(stats.rate_limited) + " rate limited");
  add(stats.rejected, std::to_string(stats.rejected) + " without a slot");
  add(stats.unmatched, std::to_string(stats.unmatched) + " met neither rule nor route");
  return line.empty() ? "" : line + "\n";
}

std::string DelayLine(const fixture::MockServerAudit& audit) {
  if (audit.delayed == 0) return "";
  return "delays: " + std::to_string(audit.delayed) + ", planned " +
         DurationText(audit.planned_mean) + ", injected " + DurationText(audit.injected_mean) +
         " on average; too late by " + DurationText(audit.overshoot_p50) + " (p50), " +
         DurationText(audit.overshoot_p99) + " (p99), " + DurationText(audit.overshoot_max) +
         " (most)\n";
}

std::string GateLine(const fixture::GateStats& gate) {
  std::string line =
      "gate: " + Count(gate.connections, "connection") + ", " + Count(gate.exchanges, "exchange");
  if (gate.handshakes_failed > 0) {
    line += ", " + Count(gate.handshakes_failed, "failed handshake");
  }
  for (const auto& [name, count] : gate.injected) {
    line += ", fault \"" + name + "\" " + std::to_string(count);
  }
  return OneLine(line) + "\n";
}

}  // namespace

std::string Summary(const Served& served) {
  std::string text = "requests: " + std::to_string(served.stats.requests) + " on " +
                     Count(served.stats.connections, "connection") + "\n";
  text += DelayLine(served.audit) + FaultLine(served.stats);
  for (const RuleCount& rule : served.rules) {
    text += "rule \"" + rule.name + "\": " + Count(rule.met, "request") + ", " +
            std::to_string(rule.faulted) + " faulted\n";
  }
  if (served.gate) text += GateLine(*served.gate);
  if (!served.audit.invalid.empty()) text += "invalid: " + served.audit.invalid + "\n";
  return text;
}

std::string LineOf(const fixture::JournalEntry& entry) {
  std::string line = entry.request;
  line += entry.status == 0 ? " cut off" : " " + std::to_string(entry.status);
  line += ", " + DurationText(entry.answered - entry.arrived);
  if (!entry.rule.empty()) line += ", rule \"" + entry.rule + "\"";
  if (!entry.fault.empty()) line += ", fault \"" + entry.fault + "\"";
  return OneLine(line) + "\n";
}

std::string LinesAfter(std::uint64_t& last, const std::vector<fixture::JournalEntry>& journal) {
  std::string lines;
  for (const fixture::JournalEntry& entry : journal) {
    if (entry.sequence <= last) continue;
    if (entry.sequence > last + 1) {
      lines += Count(entry.sequence - last - 1, "request") + " not shown\n";
    }
    lines += LineOf(entry);
    last = entry.sequence;
  }
  return lines;
}

}  // namespace assay::serve
