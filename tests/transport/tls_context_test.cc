#include "assay/transport/tls/tls_context.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/transport/tls_peer.h"

namespace assay {
namespace {

std::string Refusal(const TlsOptions& options) {
  try {
    const TlsContext context(options);
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

// A file that lasts as long as the test.
class File {
 public:
  File(const std::string& name, const std::string& text)
      : path_(testing::TempDir() + "tls_context_test_" + std::to_string(::getpid()) + "_" + name) {
    std::ofstream(path_) << text;
  }
  ~File() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const fixture::Certificates& Authority() {
  static const fixture::Certificates certificates(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  return certificates;
}

TEST(TlsContext, TakesFilesAsWellAsText) {
  const fixture::Identity client = Authority().Client();
  const File ca("ca.pem", Authority().authority());
  const File certificate("certificate.pem", client.certificate);
  const File key("key.pem", client.key);
  EXPECT_EQ(
      Refusal(
          {.ca_file = ca.path(), .certificate_file = certificate.path(), .key_file = key.path()}),
      "accepted");
  EXPECT_EQ(Refusal({.ca_pem = Authority().authority() + Authority().Client().certificate,
                     .certificate_pem = client.certificate + Authority().authority(),
                     .key_pem = client.key}),
            "accepted");
}

TEST(TlsContext, NamesTheFileAndTheReason) {
  EXPECT_EQ(Refusal({.ca_file = "/no/such.pem"}),
            "tls.ca_file '/no/such.pem': No such file or directory");
  const File empty("empty.pem", "");
  EXPECT_EQ(Refusal({.ca_file = empty.path()}), "tls.ca_file '" + empty.path() + "': is empty");
  const File text("text.pem", "no PEM");
  EXPECT_EQ(Refusal({.ca_file = text.path()}),
            "tls.ca_file '" + text.path() + "': not certificates in PEM form: no start line");
  EXPECT_EQ(Refusal({.ca_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
                .find("tls.ca_pem: not certificates in PEM form: "),
            0u);
  const fixture::Identity client = Authority().Client();
  EXPECT_EQ(Refusal({.certificate_pem = client.certificate, .key_pem = "no PEM"})
                .find("tls.key_pem: not a private key in PEM form without a pass phrase: "),
            0u);
  EXPECT_EQ(Refusal({.certificate_pem = client.certificate, .key_pem = Authority().Client().key}),
            "tls.key_pem: is not the key of the certificate: key values mismatch");
}

TEST(TlsContext, ImpossibleOptionsAreNamed) {
  EXPECT_EQ(Refusal({.ca_file = "a", .ca_pem = "b"}),
            "tls.ca_file and tls.ca_pem are both set; only one can be");
  EXPECT_EQ(Refusal({.certificate_file = "a", .certificate_pem = "b"}),
            "tls.certificate_file and tls.certificate_pem are both set; only one can be");
  EXPECT_EQ(Refusal({.key_file = "a", .key_pem = "b"}),
            "tls.key_file and tls.key_pem are both set; only one can be");
  EXPECT_EQ(Refusal({.certificate_file = "a"}), "tls.certificate: is set without tls.key");
  EXPECT_EQ(Refusal({.key_pem = "a"}), "tls.key: is set without tls.certificate");
  EXPECT_EQ(Refusal({.alpn = {""}}), "tls.alpn: a name of 0 bytes is not 1 to 255 bytes long");
  EXPECT_EQ(Refusal({.alpn = {std::string(256, 'a')}}),
            "tls.alpn: a name of 256 bytes is not 1 to 255 bytes long");
  EXPECT_EQ(Refusal({.server_name = std::string(254, 'a')}),
            "tls.server_name: is longer than 253 bytes or has a NUL");
}

TEST(TlsContext, ThatNothingIsVerifiedIsSaidOnceAndLoudly) {
  testing::internal::CaptureStderr();
  TlsContext context({.verify = TlsVerify::kOffInsecure});
  TlsSession first(context), second(context);
  ASSERT_TRUE(first.Start("localhost", 1).ok());
  ASSERT_TRUE(second.Start("localhost", 1).ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "assay: WARNING: tls.verify is off: certificates are not checked, anybody can pose as "
            "the server\n");
  testing::internal::CaptureStderr();
  TlsContext quiet(TlsOptions{.ca_pem = Authority().authority()});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace assay
