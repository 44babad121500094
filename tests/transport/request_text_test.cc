#include "assay/transport/request_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Request Post() { return {Method::kPost, Url{"example.org", 8080, "/post"}, {{"X", "7"}}, "hello"}; }

TEST(RequestText, IsHeaderSectionAndBody) {
  EXPECT_EQ(*RequestText(Post(), Pooling::kNaive),
            "POST /post HTTP/1.1\r\nHost: example.org:8080\r\nX: 7\r\n"
            "Content-Length: 5\r\nConnection: close\r\n\r\nhello");
}

TEST(RequestText, RefusesWhatToWireRefuses) {
  Request request = Post();
  request.url.target = "/a b";
  EXPECT_EQ(RequestText(request, Pooling::kPooled).error(),
            (Error{ErrorCode::kInvalidRequest,
                   "target '/a b' is not a path without spaces or controls"}));
}

TEST(RequestText, RefusesWhatIsMoreThanText) {
  Request chunked = Post();
  chunked.chunked = true;
  Request waiting = Post();
  waiting.expect_continue = true;
  Request streamed = Post();
  streamed.body.clear();
  streamed.body_source =
      GeneratedBody([] { return Result<std::unique_ptr<BodyReader>>(nullptr); }, 5);
  for (const Request& request : {chunked, waiting, streamed}) {
    EXPECT_EQ(RequestText(request, Pooling::kPooled).error(),
              (Error{ErrorCode::kInvalidRequest,
                     "body_source, chunked and expect_continue are not supported here"}));
  }
}

}  // namespace
}  // namespace assay
