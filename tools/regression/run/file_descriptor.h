// A file descriptor that closes itself.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_FILE_DESCRIPTOR_H_
#define ASSAY_TOOLS_REGRESSION_RUN_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace assay::regression {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    other.Close();
    return *this;
  }
  ~FileDescriptor() { Close(); }

  bool open() const noexcept { return fd_ >= 0; }
  int get() const noexcept { return fd_; }  // -1 when there is none

 private:
  void Close() noexcept {
    if (open()) ::close(std::exchange(fd_, -1));
  }

  int fd_ = -1;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_FILE_DESCRIPTOR_H_
