// What `assay serve` does not begin with, and what it says then.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/fixtures/raw_client.h"
#include "tests/serve/serve_scene.h"

namespace assay::serve {
namespace {

using fixture::Fetch;

TEST(ServeCommand, APortInUseIsAFailure) {
  ServeChild child({});
  const std::string port = std::to_string(child.Port());
  for (const Words& more : {Words{}, Words{"--tls"}}) {
    Words arguments{"--port", port};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const End end = Refused(arguments);
    EXPECT_EQ(end.status, 3);
    EXPECT_EQ(end.errors, "assay serve: port: 127.0.0.1:" + port + " is already in use\n");
  }
  // The file's port is taken, too, and the option goes before it.
  const TemporaryFile file(R"({"port": )" + port + "}");
  EXPECT_EQ(Refused({"--config", file.path()}).status, 3);
  ServeChild other({"--config", file.path(), "--port", "0"});
  EXPECT_EQ(Fetch(other.Port(), "/health").status, 200);
}

TEST(ServeCommand, AFileThatIsWrongIsAFailureWithItsPlace) {
  const TemporaryFile file(R"({"rules": [{"name": "a", "faults": [{"name": "x", "rat": 1}]}]})");
  const End end = Refused({"--config", file.path()});
  EXPECT_EQ(end.status, 3);
  EXPECT_EQ(end.errors, "assay serve: " + file.path() +
                            ": /rules/0/faults/0: \"rat\" is not one of name, rate, every, "
                            "answer\n");
  const TemporaryFile handshake(R"({"gate": {"connection_faults": [{"name": "h",
      "when": {"every": 1}, "action": {"at": "handshake", "effect": "reset"}}]}})");
  const End late = Refused({"--config", handshake.path()});
  EXPECT_EQ(late.status, 3);
  EXPECT_EQ(late.errors, "assay serve: connection_faults 'h': at handshake needs tls\n");
}

TEST(ServeCommand, AFileThatCannotBeWrittenIsAFailure) {
  for (const char* option : {"--authority-pem", "--client-pem"}) {
    const End end = Refused({"--tls", option, "/nowhere/at/all.pem"});
    EXPECT_EQ(end.status, 3);
    EXPECT_TRUE(end.errors.starts_with("assay serve: /nowhere/at/all.pem: cannot be written"))
        << end.errors;
  }
}

TEST(ServeCommand, WrongOptionsAreNamed) {
  const std::pair<Words, const char*> cases[] = {
      {{"--latency", "5"}, R"(--latency: "5" is not a duration such as "5ms")"},
      {{"--latency", "60.1s"}, "of at most 60 s"},
      {{"--jitter", "11"}, "--jitter: "},
      {{"--jitter", "nan"}, "assay serve: jitter: nan is not between 0 and 10\n"},
      {{"--error-rate", "1.5"}, "--error-rate: "},
      {{"--seed", "-1"}, "--seed: "},
      {{"--rate-limit-after", "-1"}, "--rate-limit-after: "},
      {{"--port", "65536"}, "--port: Value 65536 not in range 0 to 65535"},
      {{"--max-connections", "0"}, "--max-connections: "},
      {{"--max-connections", "10001"}, "--max-connections: "},
      {{"--tls", "bad"}, "--tls: bad not in {good,self_signed,"},
      {{"--authority-pem", "a"}, "assay serve: --authority-pem: there is no TLS; accepted: "},
      {{"--client-pem", "a"}, "assay serve: --client-pem: there is no TLS; accepted: "},
      {{"--nonsense"}, "--nonsense"}};
  for (const auto& [arguments, message] : cases) {
    const End end = Refused(arguments);
    EXPECT_EQ(end.status, 2) << message;
    EXPECT_NE(end.errors.find(message), std::string::npos) << end.errors;
  }
}

}  // namespace
}  // namespace assay::serve
