// Python's http.client and urllib against a MockServer and a Gate.
#include <gtest/gtest.h>

#include <string>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "tests/fixtures/gate_world.h"
#include "tests/fixtures/programs.h"

namespace assay::fixture {
namespace {

// What each script begins with; `ask` returns the response and its body.
constexpr std::string_view kStart = R"(
import http.client, json, socket, ssl, sys, urllib.request
port = int(sys.argv[1])
def connect():
    return http.client.HTTPConnection('127.0.0.1', port, timeout=20)
def ask(connection, *arguments, **more):
    connection.request(*arguments, **more)
    response = connection.getresponse()
    return response, response.read()
)";

// A script that asserts; fails with Python's traceback.
void RunScript(const std::string& script, std::uint16_t port, const std::string& argument = "") {
  const File file("script.py", std::string(kStart) + script);
  const Outcome outcome = Shell("timeout 40 python3 -I '" + file.path() + "' " +
                                std::to_string(port) + " '" + argument + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

TEST(Python, KeepsItsConnection) {
  ASSAY_NEEDS_PROGRAM("python3");
  const MockServer server;
  RunScript(R"(
connection = connect()
for n in range(1, 6):
    response, body = ask(connection, 'GET', f'/bytes/{n}')
    assert response.status == 200 and body == b'abcde'[:n], body
response, body = ask(connection, 'HEAD', '/bytes/100')
assert response.getheader('Content-Length') == '100' and body == b''
response, body = ask(connection, 'GET', '/chunked/10000?chunk=100')
assert len(body) == 10000
response, body = ask(connection, 'GET', '/status/204')
assert response.status == 204 and body == b''
response, body = ask(connection, 'GET', '/stream/3')
assert len(body.splitlines()) == 3
)",
            server.port());
  EXPECT_EQ(server.Stats().connections, 1u);
  EXPECT_EQ(server.Stats().requests, 9u);
}

TEST(Python, UploadsWithALengthAndInChunks) {
  ASSAY_NEEDS_PROGRAM("python3");
  const MockServer server;
  RunScript(R"(
connection = connect()
response, body = ask(connection, 'POST', '/post', body='hello', headers={'X-Own': 'yes'})
echo = json.loads(body)
assert echo['method'] == 'POST' and echo['body'] == 'hello', echo
assert 'yes' in str(echo['headers']), echo
response, body = ask(connection, 'PUT', '/put', body=iter([b'one', b'two' * 10000, b'three']),
                     encode_chunked=True, headers={'Transfer-Encoding': 'chunked'})
assert json.loads(body)['body'] == 'one' + 'two' * 10000 + 'three'
)",
            server.port());
  EXPECT_EQ(server.Stats().connections, 1u);
}

TEST(Python, FollowsRedirects) {
  ASSAY_NEEDS_PROGRAM("python3");
  const MockServer server;
  RunScript(R"(
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
response = opener.open(f'http://127.0.0.1:{port}/redirect/4', timeout=20)
assert response.status == 200 and response.url.endswith('/get'), response.url
try:
    opener.open(f'http://127.0.0.1:{port}/status/503', timeout=20)
    assert False
except urllib.error.HTTPError as error:
    assert error.code == 503
)",
            server.port());
  EXPECT_EQ(server.Stats().requests, 6u);
}

TEST(Python, TellsAResetAStallAndATruncatedBodyApart) {
  ASSAY_NEEDS_PROGRAM("python3");
  const MockServer server;
  const auto gate = [&](FaultAction action) {
    GateOptions options{.upstream_port = server.port(), .protocol = Http1()};
    options.exchange_faults = OneExchangeFault("x", {.every = 1}, std::move(action));
    return Gate(options);
  };
  const std::string expect = R"(
try:
    ask(connect(), 'GET', '/bytes/100000')
    assert False
except getattr(http.client, sys.argv[2], None) or getattr(__builtins__, sys.argv[2]) as error:
    print(error)
)";
  const Gate reset = gate({.at = FaultPoint::kResponseStart, .effect = FaultEffect::kReset});
  RunScript(expect, reset.port(), "ConnectionResetError");
  const Gate half =
      gate({.at = FaultPoint::kResponseBytes, .after = 50'000, .effect = FaultEffect::kReset});
  RunScript(expect, half.port(), "ConnectionResetError");
  const Gate cut =
      gate({.at = FaultPoint::kResponseBytes, .after = 50'000, .effect = FaultEffect::kClose});
  RunScript(expect, cut.port(), "IncompleteRead");
  const Gate gone = gate({.at = FaultPoint::kResponseStart, .effect = FaultEffect::kClose});
  RunScript(expect, gone.port(), "RemoteDisconnected");
  const Gate stalled = gate({.at = FaultPoint::kResponseStart, .effect = FaultEffect::kStall});
  RunScript(R"(
connection = http.client.HTTPConnection('127.0.0.1', port, timeout=0.1)
try:
    ask(connection, 'GET', '/bytes/3')
    assert False
except TimeoutError:
    pass
)",
            stalled.port());
}

TEST(Python, TrustsOnlyTheRightCertificate) {
  ASSAY_NEEDS_PROGRAM("python3");
  const MockServer server;
  for (const CertificateKind kind : {CertificateKind::kGood, CertificateKind::kExpired}) {
    const Gate gate({.upstream_port = server.port(), .tls = TlsOptions{.certificate = kind}});
    const File authority("ca.pem", gate.AuthorityPem());
    RunScript(std::string("good = ") + (kind == CertificateKind::kGood ? "True" : "False") + R"(
context = ssl.create_default_context(cafile=sys.argv[2])
connection = http.client.HTTPSConnection('localhost', port, timeout=20, context=context)
try:
    # Its name, and no name server.
    connection.sock = context.wrap_socket(
        socket.create_connection(('127.0.0.1', port), timeout=20), server_hostname='localhost')
    response, body = ask(connection, 'GET', '/bytes/3')
    assert good and body == b'abc'
except ssl.SSLCertVerificationError as error:
    assert not good and 'expired' in str(error), error
)",
              gate.port(), authority.path());
  }
}

}  // namespace
}  // namespace assay::fixture
