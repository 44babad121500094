// An exchange, or a transaction, that a test plays the network for: points in time are
// milliseconds, and bytes are text.
#ifndef ASSAY_TESTS_TRANSPORT_EXCHANGE_SCENE_H_
#define ASSAY_TESTS_TRANSPORT_EXCHANGE_SCENE_H_

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "assay/transport/exchange.h"

namespace assay::testing_exchange {

inline TimePoint At(int ms) { return TimePoint(std::chrono::milliseconds(ms)); }
inline Duration Ms(int ms) { return std::chrono::milliseconds(ms); }

inline const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

inline Request Post(std::string body) {
  return {.method = Method::kPost, .url = Url{"h", 80, "/"}, .body = std::move(body)};
}

// Something as large as the space allows; all of it in every test but those about size.
inline std::size_t Put(std::span<char> space, std::string_view text) {
  const std::size_t bytes = std::min(space.size(), text.size());
  std::copy_n(text.begin(), bytes, space.begin());
  return bytes;
}

}  // namespace assay::testing_exchange

#endif  // ASSAY_TESTS_TRANSPORT_EXCHANGE_SCENE_H_
