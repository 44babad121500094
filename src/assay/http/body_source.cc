#include "assay/http/body_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace assay {
namespace {

Error FileError(ErrorCode code, const std::string& path, const std::string& what) {
  return {code, "body file '" + path + "': " + what};
}

Error FileError(ErrorCode code, const std::string& path, int number) {
  return FileError(code, path, std::generic_category().message(number));
}

class FileReader : public BodyReader {
 public:
  FileReader(int fd, std::string path, std::optional<std::uint64_t> length)
      : fd_(fd), path_(std::move(path)), length_(length) {}
  ~FileReader() override { ::close(fd_); }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;

  Result<std::size_t> Read(std::span<char> space) override {
    ssize_t bytes = 0;
    do {
      bytes = ::read(fd_, space.data(), space.size());
    } while (bytes < 0 && errno == EINTR);
    if (bytes < 0) return FileError(ErrorCode::kIo, path_, errno);
    read_ += static_cast<std::uint64_t>(bytes);
    const bool wrong = length_ && (bytes == 0 ? read_ != *length_ : read_ > *length_);
    if (wrong) {
      return FileError(ErrorCode::kInvalidRequest, path_,
                       "had " + std::to_string(*length_) + " bytes and has changed, " +
                           std::to_string(read_) + " were read");
    }
    return static_cast<std::size_t>(bytes);
  }

 private:
  const int fd_;
  const std::string path_;
  const std::optional<std::uint64_t> length_;
  std::uint64_t read_ = 0;
};

class FileSource : public BodySource {
 public:
  explicit FileSource(std::string path) : path_(std::move(path)) {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) {
      trouble_ = errno;
    } else if (S_ISDIR(status.st_mode)) {
      trouble_ = EISDIR;
    } else if (S_ISREG(status.st_mode)) {
      length_ = static_cast<std::uint64_t>(status.st_size);
    }
  }

  std::optional<std::uint64_t> length() const override { return length_; }

  Result<std::unique_ptr<BodyReader>> Open() const override {
    // What was missing when its length was asked has none to be held to, even if it is there now.
    if (trouble_ != 0) return FileError(ErrorCode::kInvalidRequest, path_, trouble_);
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return FileError(ErrorCode::kInvalidRequest, path_, errno);
    return std::unique_ptr<BodyReader>(std::make_unique<FileReader>(fd, path_, length_));
  }

 private:
  const std::string path_;
  std::optional<std::uint64_t> length_;
  int trouble_ = 0;  // an errno
};

class GeneratedSource : public BodySource {
 public:
  using Maker = std::function<Result<std::unique_ptr<BodyReader>>()>;

  GeneratedSource(Maker make_reader, std::optional<std::uint64_t> length)
      : make_reader_(std::move(make_reader)), length_(length) {}

  std::optional<std::uint64_t> length() const override { return length_; }

  Result<std::unique_ptr<BodyReader>> Open() const override {
    auto reader = make_reader_();
    if (reader.ok() && *reader == nullptr) {
      return Error{ErrorCode::kInvalidRequest, "generated body: make_reader made no reader"};
    }
    return reader;
  }

 private:
  const Maker make_reader_;
  const std::optional<std::uint64_t> length_;
};

}  // namespace

std::shared_ptr<const BodySource> FileBody(std::string path) {
  return std::make_shared<FileSource>(std::move(path));
}

std::shared_ptr<const BodySource> GeneratedBody(
    std::function<Result<std::unique_ptr<BodyReader>>()> make_reader,
    std::optional<std::uint64_t> length) {
  if (!make_reader) {
    throw std::invalid_argument("generated body: make_reader is empty, a function is needed");
  }
  return std::make_shared<GeneratedSource>(std::move(make_reader), length);
}

}  // namespace assay
