#include "assay/engines/prepared_workload.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Request Get(const std::string& url) { return {Method::kGet, Url::Parse(url).value(), {}, {}}; }

TEST(PreparedWorkload, RefusesHttpsForAnEngineThatDoesNotSpeakTls) {
  const Workload workload{{Get("https://127.0.0.1:1/a"), Get("http://127.0.0.1:1/a")}, 2, {}};
  OriginTable origins;
  PreparedWorkload plain(workload, Pooling::kPooled, false, origins, TlsSupport::kPlainOnly);
  const auto* const refused = plain.Take({});
  ASSERT_TRUE(refused->refused);
  EXPECT_EQ(refused->refused->code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(refused->refused->message,
            "url 'https://127.0.0.1:1/a': this engine does not speak TLS, only http");
  EXPECT_FALSE(plain.Take({})->refused);

  PreparedWorkload both(workload, Pooling::kPooled, false, origins);
  EXPECT_FALSE(both.Take({})->refused);
}

}  // namespace
}  // namespace assay
