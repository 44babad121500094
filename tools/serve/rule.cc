#include "tools/serve/rule.h"

#include "tools/serve/answer.h"
#include "tools/serve/fields.h"
#include "tools/serve/latency.h"

namespace assay::serve {

// Static and not in a nameless namespace, into which a lookup by arguments does not see.
static void Read(const Node& node, fixture::Match& into) {
  Fields(node)
      .Field("method", into.method)
      .Field("path", into.path)
      .Field("headers", into.headers)
      .Done();
}

static void Read(const Node& node, fixture::Fault& into) {
  Fields(node)
      .Needed("name", into.name)
      .Field("rate", into.rate)
      .Field("every", into.every)
      .Field("answer", into.answer)
      .Done();
}

static void Read(const Node& node, fixture::Attempt& into) {
  Fields(node).Field("answer", into.answer).Field("latency", into.latency).Done();
}

static void Read(const Node& node, fixture::Window& into) {
  Fields(node).Field("from", into.from).Field("until", into.until).Done();
}

static void Read(const Node& node, fixture::ScenarioStep& into) {
  Fields(node)
      .Needed("scenario", into.scenario)
      .Field("when", into.when)
      .Field("then", into.then)
      .Done();
}

void Read(const Node& node, fixture::Rule& into) {
  Fields(node)
      .Needed("name", into.name)
      .Field("match", into.match)
      .Field("key_header", into.key_header)
      .Field("latency", into.latency)
      .Field("faults", into.faults)
      .Field("exactly_in", into.exactly_in)
      .Field("attempts", into.attempts)
      .Field("window", into.window)
      .Field("scenario", into.scenario)
      .Field("answer", into.answer)
      .Field("hold", into.hold)
      .Done();
}

}  // namespace assay::serve
