// Strings of a report: decoding them, and showing foreign text in one line.
#ifndef ASSAY_TOOLS_REGRESSION_READ_JSON_STRING_H_
#define ASSAY_TOOLS_REGRESSION_READ_JSON_STRING_H_

#include <string>
#include <string_view>

namespace assay::regression {

// What stands between the quotes, escapes decoded to UTF-8. An unpaired surrogate
// becomes U+FFFD; what is no escape at all ("C:\Users") stays as it is, and so do
// control characters and invalid UTF-8.
std::string DecodeString(std::string_view raw);

// `text` in single quotes, fit for a one-line message: control characters and bytes
// beyond ASCII as \xNN, cut after 60 bytes.
std::string Quoted(std::string_view text);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_JSON_STRING_H_
