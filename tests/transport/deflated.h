// Bodies as a server would encode them.
#ifndef ASSAY_TESTS_TRANSPORT_DEFLATED_H_
#define ASSAY_TESTS_TRANSPORT_DEFLATED_H_

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace assay::testing_bodies {

inline constexpr int kGzip = 15 + 16;
inline constexpr int kZlib = 15;
inline constexpr int kRaw = -15;

inline std::string Deflated(std::string text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace assay::testing_bodies

#endif  // ASSAY_TESTS_TRANSPORT_DEFLATED_H_
