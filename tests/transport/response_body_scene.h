// A reader that is fed responses in pieces, and a target that keeps their bodies: the scene of the
// response_body tests.
#ifndef ASSAY_TESTS_TRANSPORT_RESPONSE_BODY_SCENE_H_
#define ASSAY_TESTS_TRANSPORT_RESPONSE_BODY_SCENE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/transport/reader_feed.h"

namespace assay::response_body {

using Progress = ResponseReader::Progress;

inline const ConnectionOptions kSmall{
    .timeout = std::chrono::seconds(1), .max_header_bytes = 256, .max_body_bytes = 100};

// Keeps what it is given, and fails where a test asks for it.
class Keeper : public BodyTarget {
 public:
  struct Sink : BodySink {
    explicit Sink(const Keeper& keeper) : to(keeper) { ++to.alive; }
    ~Sink() override { --to.alive; }
    Result<Done> Write(std::string_view piece) override {
      EXPECT_FALSE(piece.empty());
      to.pieces.push_back(std::string(piece));
      to.text += piece;
      if (to.text.size() > to.most) return to.full;
      return Done{};
    }
    const Keeper& to;
  };

  Result<std::unique_ptr<BodySink>> Open(const Response& head) const override {
    heads.push_back(head);
    if (unwilling) return *unwilling;
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(*this));
  }

  std::size_t most = 100'000'000;
  Error full{ErrorCode::kIo, "the disk is full"};
  std::optional<Error> unwilling{};
  mutable std::vector<Response> heads;
  mutable std::vector<std::string> pieces;
  mutable std::string text;
  mutable int alive = 0;
};

inline std::string Sized(std::string_view head, const std::string& body) {
  return std::string(head) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string Chunked(std::string_view head, std::string_view body) {
  std::string text = std::string(head) + "Transfer-Encoding: chunked\r\n\r\n";
  for (; !body.empty(); body.remove_prefix(1))
    text.append("1\r\n").append(1, body[0]).append("\r\n");
  return text + "0\r\n\r\n";
}

inline const std::string kOk = "HTTP/1.1 200 OK\r\n";
inline const std::string kGzipped = kOk + "Content-Encoding: gzip\r\n";

class ResponseBodyTest : public testing::TestWithParam<std::size_t> {
 protected:
  Result<Progress> Read(const std::string& text, const BodyHandling& handling,
                        Method method = Method::kGet) {
    reader_.Start(method, handling);
    return Feed(reader_, text, GetParam());
  }
  const Response& response() const { return reader_.response(); }

  Keeper keeper_;
  ResponseReader reader_{kSmall};
};

}  // namespace assay::response_body

#endif  // ASSAY_TESTS_TRANSPORT_RESPONSE_BODY_SCENE_H_
