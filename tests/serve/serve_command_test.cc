// `assay serve` as its users see it: what it prints, what it answers, how it ends.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fixtures/gate_tls_client.h"
#include "tests/fixtures/raw_client.h"
#include "tests/serve/serve_child.h"

namespace assay::serve {
namespace {

using fixture::Fetch;
using fixture::RawClient;
using fixture::TlsClient;

using Words = std::vector<std::string>;

// A file that is gone after the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text = "")
      : path_(testing::TempDir() + "serve." + std::to_string(::getpid()) + "." +
              std::to_string(++count_)) {
    if (!text.empty()) std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  std::string Text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  static inline int count_ = 0;
  std::string path_;
};

struct End {
  int status;
  std::string errors;
};

// Of a server that is told to stop, or that does not begin.
End Stop(ServeChild& child, int signal = SIGTERM) {
  child.Kill(signal);
  const int status = child.Wait();
  return {status, child.Errors()};
}
End Refused(const Words& arguments) {
  ServeChild child(arguments);
  const std::string line = child.OutLine();
  EXPECT_EQ(line, "");
  if (!line.empty()) child.Kill(SIGKILL);  // it serves, and would for ever
  const int status = child.Wait();
  return {status, child.Errors()};
}

TEST(ServeCommand, AnswersAndTellsInTheEndWhatThereWas) {
  ServeChild child({"--error-rate", "1", "--latency", "1us"});
  const std::uint16_t port = child.Port();
  EXPECT_EQ(Fetch(port, "/get").status, 500);
  EXPECT_EQ(Fetch(port, "/health").status, 200);
  const End end = Stop(child);
  EXPECT_EQ(end.status, 0);
  EXPECT_TRUE(end.errors.starts_with("requests: 2 on 2 connections\ndelays: 1, planned 1 us, "))
      << end.errors;
  EXPECT_NE(end.errors.find("\nfaults: 1 error\n"), std::string::npos) << end.errors;
}

TEST(ServeCommand, GoesByTheFileAndTheOptionsGoBeforeIt) {
  const TemporaryFile file(R"({"seed": 1, "rate_limit_after": 0, "error_rate": 1, "rules": [
      {"name": "tea", "match": {"path": "/tea"}, "answer": {"status": 418, "body": "short"}}]})");
  ServeChild child({"--config", file.path(), "--rate-limit-after", "1", "--error-rate", "0"});
  const std::uint16_t port = child.Port();
  const fixture::RawResponse tea = Fetch(port, "/tea");
  EXPECT_EQ(tea.status, 418);
  EXPECT_EQ(tea.body, "short");
  EXPECT_EQ(Fetch(port, "/get").status, 200);
  EXPECT_EQ(Fetch(port, "/get").status, 429);
  const End end = Stop(child);
  EXPECT_NE(end.errors.find("\nfaults: 1 rate limited\nrule \"tea\": 1 request, 0 faulted\n"),
            std::string::npos)
      << end.errors;
}

// Which of 64 requests fail.
std::string FatesOf(const Words& arguments) {
  ServeChild child(arguments);
  RawClient client(child.Port());
  std::string fates;
  for (int i = 0; i < 64; ++i) {
    const int status = client.Get("/get", "X-Request-Id: " + std::to_string(i) + "\r\n").status;
    fates += status == 200 ? '.' : 'x';
  }
  EXPECT_EQ(Stop(child).status, 0);
  return fates;
}

TEST(ServeCommand, TheSeedDecidesWhoFails) {
  const TemporaryFile file(R"({"seed": 7, "error_rate": 0.5})");
  const std::string fates = FatesOf({"--error-rate", "0.5", "--seed", "7"});
  EXPECT_EQ(FatesOf({"--config", file.path()}), fates);
  EXPECT_NE(FatesOf({"--config", file.path(), "--seed", "8"}), fates);
}

TEST(ServeCommand, TheSeedIsTheGatesToo) {
  // Of a faulted response the first digit of the status is none.
  const std::string gate = R"("gate": {"exchange_faults": [{"name": "f", "when": {"rate": 0.5},
      "action": {"at": "response_start", "effect": "corrupt", "positions": [9]}}]}})";
  const TemporaryFile seven(R"({"seed": 7, )" + gate);
  const TemporaryFile eight(R"({"seed": 8, )" + gate);
  const std::string fates = FatesOf({"--config", seven.path()});
  EXPECT_NE(fates, std::string(64, '.'));
  EXPECT_NE(FatesOf({"--config", eight.path()}), fates);
  EXPECT_EQ(FatesOf({"--config", eight.path(), "--seed", "7"}), fates);
}

TEST(ServeCommand, MaxConnectionsAndJitterArrive) {
  ServeChild child({"--max-connections", "1", "--latency", "1ms", "--jitter", "1"});
  EXPECT_EQ(Fetch(child.Port(), "/get").status, 200);
  const std::string errors = Stop(child).errors;
  EXPECT_NE(errors.find("invalid: "), std::string::npos) << errors;
  EXPECT_EQ(errors.find("planned 1 ms"), std::string::npos) << errors;
}

TEST(ServeCommand, TheJournalHasALineForEachRequest) {
  const TemporaryFile file(R"({"rules": [{"name": "r", "match": {"path": "/x"},
      "faults": [{"name": "busy", "every": 1, "answer": {"status": 503}}]}]})");
  ServeChild child({"--config", file.path(), "--journal"});
  const std::uint16_t port = child.Port();
  EXPECT_EQ(Fetch(port, "/x?y=1").status, 503);
  // While it runs.
  const std::string line = child.ErrLine();
  EXPECT_TRUE(line.starts_with("GET /x?y=1 503, ")) << line;
  EXPECT_TRUE(line.ends_with(", rule \"r\", fault \"busy\"")) << line;
  Fetch(port, "/health");
  const std::string errors = Stop(child).errors;
  EXPECT_TRUE(errors.starts_with("GET /health 200, ")) << errors;
  EXPECT_NE(errors.find("\nrequests: 2 on "), std::string::npos) << errors;
  EXPECT_NE(errors.find("\nrule \"r\": 1 request, 1 faulted\n"), std::string::npos) << errors;
}

// "/slow" takes a minute; "/probe" is 200 once that has begun.
constexpr const char* kSlow = R"({"rules": [
    {"name": "slow", "match": {"path": "/slow"}, "latency": "60s",
     "scenario": {"scenario": "s", "then": "begun"}, "answer": {}},
    {"name": "probe", "match": {"path": "/probe"}, "answer": {},
     "scenario": {"scenario": "s", "when": "begun"}}]})";

TEST(ServeCommand, BothSignalsStopItWhileADelayRuns) {
  const TemporaryFile file(kSlow);
  for (const int signal : {SIGTERM, SIGINT}) {
    ServeChild child({"--config", file.path(), "--journal"});
    const std::uint16_t port = child.Port();
    RawClient client(port);
    client.Send(RawClient::Text("GET", "/slow"));
    fixture::Await([&] { return Fetch(port, "/probe").status == 200; });
    child.Kill(signal);
    EXPECT_EQ(client.ReadToEnd(), "") << "cut off, within the client's patience of 10 s";
    EXPECT_EQ(child.Wait(), 0);
    const std::string errors = child.Errors();
    EXPECT_NE(errors.find("GET /slow cut off, "), std::string::npos) << errors;
  }
}

TEST(ServeCommand, ASecondSignalChangesNothing) {
  ServeChild child({});
  child.Port();
  child.Kill(SIGINT);
  EXPECT_EQ(Stop(child).status, 0);
}

TEST(ServeCommand, ASignalStopsItWhileAnExchangeStalls) {
  const TemporaryFile file(R"({"gate": {"exchange_faults": [{"name": "silence",
      "when": {"every": 1}, "action": {"at": "response_bytes", "after": 5, "effect": "stall"}}]}})");
  ServeChild child({"--config", file.path()});
  const fixture::WireClient client(child.Port());
  EXPECT_TRUE(client.Send(RawClient::Text("GET", "/get")));
  EXPECT_EQ(client.Hear(5).bytes, "HTTP/");
  const End end = Stop(child);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(client.Hear().bytes, "");
  EXPECT_NE(end.errors.find("\ngate: 1 connection, 1 exchange, fault \"silence\" 1\n"),
            std::string::npos)
      << end.errors;
}

TEST(ServeCommand, DoesNotMindThatNobodyReadsWhatItSays) {
  ServeChild child({"--journal"});
  const std::uint16_t port = child.Port();
  child.CloseOutputs();
  EXPECT_EQ(Fetch(port, "/get").status, 200);
  child.Kill(SIGTERM);
  EXPECT_EQ(child.Wait(), 0);
}

TEST(ServeCommand, SpeaksTlsToWhoTrustsItsAuthority) {
  const TemporaryFile authority;
  ServeChild child({"--tls", "--authority-pem", authority.path()});
  const std::uint16_t port = child.Port("https");
  TlsClient client(port, {.authority = authority.Text(), .address = "127.0.0.1"});
  ASSERT_EQ(client.Handshake(), "");
  client.Write(RawClient::Text("GET", "/health"));
  EXPECT_TRUE(client.Read(15).bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  TlsClient stranger(port, {.address = "127.0.0.1"});
  EXPECT_NE(stranger.Handshake(), "");
  EXPECT_EQ(Stop(child).status, 0);
}

TEST(ServeCommand, ItsCertificateMayBeWrong) {
  const TemporaryFile authority;
  const TemporaryFile file(R"({"gate": {"tls": {"certificate": "wrong_host"}}})");
  const std::pair<Words, const char*> cases[] = {
      {{"--tls", "expired"}, "certificate has expired"},
      {{"--config", file.path()}, "IP address mismatch"},
      {{"--config", file.path(), "--tls", "not_yet_valid"}, "certificate is not yet valid"},
      {{"--config", file.path(), "--tls"}, ""}};
  for (auto [arguments, verdict] : cases) {
    arguments.insert(arguments.end(), {"--authority-pem", authority.path()});
    ServeChild child(arguments);
    const std::uint16_t port = child.Port("https");  // after which the file is there
    TlsClient client(port, {.authority = authority.Text(), .address = "127.0.0.1"});
    EXPECT_EQ(client.Handshake(), verdict);
    EXPECT_EQ(Stop(child).status, 0);
  }
}

TEST(ServeCommand, ClientsMayNeedACertificate) {
  const TemporaryFile authority;
  const TemporaryFile identity;
  ServeChild child({"--tls", "--authority-pem", authority.path(), "--client-pem", identity.path()});
  const std::uint16_t port = child.Port("https");
  // Both are in one file, as curl's --cert takes them.
  const fixture::Identity both{.certificate = identity.Text(), .key = identity.Text()};
  TlsClient client(port, {.authority = authority.Text(), .identity = both});
  ASSERT_EQ(client.Handshake(), "");
  client.Write(RawClient::Text("GET", "/health"));
  EXPECT_TRUE(client.Read(15).bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  TlsClient nobody(port, {.authority = authority.Text()});
  nobody.Handshake();  // TLS 1.3 says it afterwards
  EXPECT_EQ(nobody.Read().end, "tlsv13 alert certificate required");
  EXPECT_EQ(Stop(child).status, 0);
}

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

TEST(ServeCommand, TheLongestLatencyIsAccepted) {
  ServeChild child({"--latency", "60s"});
  EXPECT_EQ(Fetch(child.Port(), "/health").status, 200);
}

TEST(ServeCommand, ThePortIsTheOneThatClientsSeeWithAGateToo) {
  ServeChild first({});
  const std::uint16_t port = first.Port();
  EXPECT_EQ(Stop(first).status, 0);
  ServeChild child({"--port", std::to_string(port), "--tls"});
  EXPECT_EQ(child.Port("https"), port);
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

TEST(ServeCommand, TlsIsAddedToWhatTheFileSays) {
  const TemporaryFile fault(R"({"gate": {"connection_faults": [{"name": "h",
      "when": {"every": 1}, "action": {"at": "handshake", "effect": "reset"}}]}})");
  ServeChild reset({"--config", fault.path(), "--tls"});
  EXPECT_EQ(TlsClient(reset.Port("https"), {}).Handshake(), "RST");

  const TemporaryFile authority;
  const TemporaryFile old(R"({"gate": {"tls": {"only_tls_1_2": true}}})");
  ServeChild child({"--config", old.path(), "--tls", "good", "--authority-pem", authority.path()});
  const std::uint16_t port = child.Port("https");
  TlsClient client(port, {.authority = authority.Text()});
  EXPECT_EQ(client.Handshake(), "");
  EXPECT_EQ(client.version(), "TLSv1.2");
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

TEST(ServeCommand, TheExampleRuns) {
  ServeChild child({"--config", ASSAY_SOURCE_DIR "/tools/serve/example.json", "--port", "0"});
  RawClient client(child.Port());
  EXPECT_EQ(client.Exchange(RawClient::Text("POST", "/orders", "X-Request-Id: 1\r\n")).status, 429);
  EXPECT_EQ(Stop(child).status, 0);
}

}  // namespace
}  // namespace assay::serve
