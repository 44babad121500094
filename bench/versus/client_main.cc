// versus_client: an engine or a peer as a program of its own. bench/versus_wrk runs it beside
// wrk; it can be put under a profiler, too, with nothing of a server in the picture.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <vector>

#include "bench/harness/descriptors.h"
#include "bench/versus/client.h"

namespace {

using namespace assay::bench;

constexpr const char* kUsage =
    R"(usage: versus_client --engine NAME --url URL (--seconds N | --requests N) [--connections N] [--authority PEM]

Sends GET requests to URL, which has to answer them as the fixture does at /bytes/64, and prints
how many it were in what time. First come 20 requests for each connection, checked byte for byte.

  --engine NAME      an engine or a peer
  --connections N    1 to 10000 (1)
  --seconds N        for so long, 1 to 60
  --requests N       so many, 1 to 1000000000
  --authority PEM    the text of a certificate to be trusted, for https

For a profile of the client alone:
  build/release/bin/assay serve --port 8080 &
  valgrind --tool=callgrind build/release/bin/versus_client --engine async --connections 32 \
      --requests 20000 --url http://127.0.0.1:8080/bytes/64

Exit status: 0 measured, 2 wrong option, 3 something could not be measured.
)";

int Fail(int status, const char* why) {
  std::fprintf(stderr, "versus_client: %s\n", why);
  return status;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  RaiseDescriptorLimit();
  const auto options = ParseClientOptions(arguments);
  if (!options) return Fail(2, options.error().message.c_str());
  const auto report = RunClient(*options);
  if (!report) return Fail(3, report.error().message.c_str());
  std::fputs(ToLine(*report).c_str(), stdout);
  return 0;
} catch (const std::exception& error) {
  return Fail(3, error.what());
}
