#include "tools/regression/run/fingerprint.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/run/file_descriptor.h"

namespace assay::regression {

Result<std::uint64_t> ContentHash(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<char> buffer(std::size_t{1} << 16);
  std::uint64_t hash = kFnvOffset;
  while (true) {
    const ssize_t bytes = ::read(file.get(), buffer.data(), buffer.size());
    if (bytes == 0) return hash;
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) {
      return Error{ErrorCode::kIo, path + ": cannot be read: " +
                                       (file.open() ? std::generic_category().message(errno)
                                                    : "no such file, or no permission")};
    }
    hash = HashBytes({buffer.data(), static_cast<std::size_t>(bytes)}, hash);
  }
}

std::uint64_t FileStamp(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return 0;
  std::uint64_t stamp = Mix(static_cast<std::uint64_t>(facts.st_ino));
  stamp = Mix(stamp ^ static_cast<std::uint64_t>(facts.st_size));
  stamp = Mix(stamp ^ static_cast<std::uint64_t>(facts.st_mtim.tv_sec));
  return Mix(stamp ^ static_cast<std::uint64_t>(facts.st_mtim.tv_nsec));
}

}  // namespace assay::regression
