#include "tools/serve/latency.h"

#include <array>
#include <stdexcept>

#include "tools/serve/duration.h"
#include "tools/serve/fields.h"

namespace assay::serve {

using fixture::Latency;

// Static and not in a nameless namespace, into which a lookup by arguments does not see.
static void Read(const Node& node, Latency::Percentile& into) {
  Fields(node).Needed("percent", into.percent).Needed("latency", into.latency).Done();
}

static void Read(const Node& node, Latency::Bucket& into) {
  Fields(node).Needed("upper", into.upper).Needed("count", into.count).Done();
}

namespace {

Latency Fixed(const Node& node) {
  Duration latency{};
  Read(node, latency);
  return Latency::Fixed(latency);
}

Latency Uniform(const Node& node) {
  Duration low{};
  Duration high{};
  Fields(node).Needed("low", low).Needed("high", high).Done();
  return Latency::Uniform(low, high);
}

Latency Exponential(const Node& node) {
  Duration mean{};
  Fields(node).Needed("mean", mean).Done();
  return Latency::Exponential(mean);
}

Latency LogNormal(const Node& node) {
  Duration median{};
  Duration p99{};
  Fields(node).Needed("median", median).Needed("p99", p99).Done();
  return Latency::LogNormal(median, p99);
}

Latency Percentiles(const Node& node) {
  std::vector<Latency::Percentile> points;
  Read(node, points);
  return Latency::Percentiles(points);
}

Latency Histogram(const Node& node) {
  std::vector<Latency::Bucket> buckets;
  Read(node, buckets);
  return Latency::Histogram(buckets);
}

struct Distribution {
  std::string_view name;
  Latency (*read)(const Node&);
};

constexpr std::array<Distribution, 6> kDistributions{{{"fixed", Fixed},
                                                      {"uniform", Uniform},
                                                      {"exponential", Exponential},
                                                      {"log_normal", LogNormal},
                                                      {"percentiles", Percentiles},
                                                      {"histogram", Histogram}}};

void ReadDistribution(const Distribution& distribution, const Node& node, Latency& into) {
  try {
    into = distribution.read(node);
  } catch (const std::invalid_argument& error) {
    node.Refuse(error.what());  // heard only if its parts could be read
  }
}

}  // namespace

void Read(const Node& node, Latency& into) {
  if (node.IsString()) return ReadDistribution(kDistributions.front(), node, into);
  if (!node.IsObject()) {
    return node.RefuseType(std::string(kDurationForm) + ", or an object with a distribution");
  }
  Fields fields(node);
  int given = 0;
  for (const Distribution& distribution : kDistributions) {
    const Node* const member = fields.Accept(distribution.name);
    if (member == nullptr) continue;
    ++given;
    ReadDistribution(distribution, *member, into);
  }
  fields.Done();
  if (given != 1) node.Refuse("has " + std::to_string(given) + " distributions, not one");
}

}  // namespace assay::serve
