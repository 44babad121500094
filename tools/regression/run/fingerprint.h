// Which executable a measurement belongs to.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_FINGERPRINT_H_
#define ASSAY_TOOLS_REGRESSION_RUN_FINGERPRINT_H_

#include <cstdint>
#include <string>

#include "assay/core/result.h"

namespace assay::regression {

// FNV-1a over the bytes of the file. Libraries that it loads are not part of it.
Result<std::uint64_t> ContentHash(const std::string& path);

// Changes when the file is written or replaced; costs one system call. 0 for a file
// that is not there.
std::uint64_t FileStamp(const std::string& path);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_FINGERPRINT_H_
