// What `assay serve` says about the requests it has had. Pure: from values to text.
#ifndef ASSAY_TOOLS_SERVE_TEXT_H_
#define ASSAY_TOOLS_SERVE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assay/fixture/gate/gate_stats.h"
#include "assay/fixture/server/audit.h"
#include "assay/fixture/server/journal.h"
#include "assay/fixture/server/stats.h"

namespace assay::serve {

struct RuleCount {
  std::string name{};
  std::uint64_t met = 0;
  std::uint64_t faulted = 0;
};

struct Served {
  fixture::MockServerStats stats{};
  fixture::MockServerAudit audit{};
  std::vector<RuleCount> rules{};
  std::optional<fixture::GateStats> gate{};
};

// Lines that end with \n. What did not happen is left out, the requests are not:
//   requests: 3 on 2 connections
//   delays: 3, planned 5 ms, injected 5.02 ms on average; too late by 21 us (p50), ...
//   faults: 1 error, 2 rate limited
//   rule "users": 3 requests, 1 faulted
//   gate: 2 connections, 3 exchanges, fault "cut" 1
//   invalid: ...
std::string Summary(const Served& served);

// One line that ends with \n: 'GET /users/7 503, 5.02 ms, rule "users", fault "busy"'. The
// status is "cut off" if there was no answer.
std::string LineOf(const fixture::JournalEntry& entry);

// The lines of the entries after number `last`, which is moved on to the end of them. If
// there were more than the journal keeps, a line says how many are not shown.
std::string LinesAfter(std::uint64_t& last, const std::vector<fixture::JournalEntry>& journal);

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_TEXT_H_
