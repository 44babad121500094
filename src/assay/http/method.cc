#include "assay/http/method.h"

#include <array>

namespace assay {
namespace {

constexpr std::array<std::string_view, 7> kTokens = {"GET",   "HEAD",   "POST",   "PUT",
                                                     "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::string_view ToString(Method method) noexcept {
  return kTokens[static_cast<std::size_t>(method)];
}

std::optional<Method> ParseMethod(std::string_view token) noexcept {
  for (std::size_t i = 0; i < kTokens.size(); ++i) {
    if (kTokens[i] == token) return static_cast<Method>(i);
  }
  return std::nullopt;
}

}  // namespace assay
