// What the tests of `assay serve` share: files for it, and how it ends.
#ifndef ASSAY_TESTS_SERVE_SERVE_SCENE_H_
#define ASSAY_TESTS_SERVE_SERVE_SCENE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/serve/serve_child.h"

namespace assay::serve {

using Words = std::vector<std::string>;

// A file that is gone after the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text = "")
      : path_(testing::TempDir() + "serve." + std::to_string(::getpid()) + "." +
              std::to_string(++count_)) {
    if (!text.empty()) std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  std::string Text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  static inline int count_ = 0;
  std::string path_;
};

struct End {
  int status;
  std::string errors;
};

// Of a server that is told to stop, or that does not begin.
inline End Stop(ServeChild& child, int signal = SIGTERM) {
  child.Kill(signal);
  const int status = child.Wait();
  return {status, child.Errors()};
}
inline End Refused(const Words& arguments) {
  ServeChild child(arguments);
  const std::string line = child.OutLine();
  EXPECT_EQ(line, "");
  if (!line.empty()) child.Kill(SIGKILL);  // it serves, and would for ever
  const int status = child.Wait();
  return {status, child.Errors()};
}

}  // namespace assay::serve

#endif  // ASSAY_TESTS_SERVE_SERVE_SCENE_H_
