// HTTP request methods (RFC 9110 section 9, PATCH from RFC 5789).
#ifndef ASSAY_HTTP_METHOD_H_
#define ASSAY_HTTP_METHOD_H_

#include <optional>
#include <string_view>

namespace assay {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

// The token that goes on the wire: "GET".
std::string_view ToString(Method method) noexcept;

// The inverse; method names are case-sensitive. Nothing for any other token.
std::optional<Method> ParseMethod(std::string_view token) noexcept;

}  // namespace assay

#endif  // ASSAY_HTTP_METHOD_H_
