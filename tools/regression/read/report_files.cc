#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/regression/read/reader.h"

namespace assay::regression {
namespace {

using Documents = Result<std::vector<Document>>;

Error IoError(const std::string& path, const std::string& what) {
  return Error{ErrorCode::kIo, path + ": " + what};
}

Error SystemError(const std::string& path, int number) {
  return IoError(path, std::generic_category().message(number));
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }

 private:
  int fd_;
};

// Read rather than mapped: a file that another process shortens meanwhile must not
// end this one, and a pipe ("<(zcat …)") is a file too.
Result<std::string> ReadText(const std::string& path) {
  const OpenFile file(path);
  if (file.fd() < 0) return SystemError(path, errno);
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  std::string text;
  if (!unknown) text.reserve(size + 1);
  static constexpr std::size_t kChunk = std::size_t{256} * 1024;
  std::vector<char> chunk(kChunk);
  while (true) {
    const ssize_t got = read(file.fd(), chunk.data(), chunk.size());
    if (got == 0) return text;
    if (got > 0) {
      text.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return SystemError(path, errno);
    }
  }
}

// The reports of a folder, in the order of their names.
Result<std::vector<std::string>> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    std::error_code unknown;
    if (entries->path().extension() == ".json" && entries->is_regular_file(unknown)) {
      files.push_back(entries->path().string());
    }
  }
  if (error) return SystemError(folder, error.value());
  if (files.empty()) return IoError(folder, "no *.json file in this folder");
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> FilesOf(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return FilesIn(path);
  return std::vector<std::string>{path};
}

}  // namespace

Documents ReadReports(const std::string& path) {
  const Result<std::string> text = ReadText(path);
  if (!text) return text.error();
  return ParseReports(path, text.value());
}

Documents ReadSide(const std::vector<std::string>& paths) {
  if (paths.empty()) return Error{ErrorCode::kIo, "no file and no folder with reports was given"};
  std::vector<Document> side;
  for (const std::string& path : paths) {
    const Result<std::vector<std::string>> files = FilesOf(path);
    if (!files) return files.error();
    for (const std::string& file : files.value()) {
      Documents documents = ReadReports(file);
      if (!documents) return documents;
      std::move(documents->begin(), documents->end(), std::back_inserter(side));
    }
  }
  return side;
}

}  // namespace assay::regression
