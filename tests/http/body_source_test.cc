#include "assay/http/body_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/fixtures/open_files.h"

namespace assay {
namespace {

// Everything that is left, read in pieces of `step` bytes; or the first error.
Result<std::string> ReadAll(BodyReader& reader, std::size_t step) {
  std::string all;
  std::string space(step, '\0');
  for (;;) {
    auto bytes = reader.Read(space);
    if (!bytes) return std::move(bytes).error();
    if (*bytes == 0) return all;
    all.append(space, 0, *bytes);
  }
}

Result<std::string> ReadAll(const BodySource& source, std::size_t step) {
  auto reader = source.Open();
  if (!reader) return std::move(reader).error();
  return ReadAll(**reader, step);
}

class FileBodyTest : public testing::Test {
 protected:
  ~FileBodyTest() override { std::filesystem::remove_all(path_); }
  void Write(std::string_view text) { std::ofstream(path_, std::ios::binary) << text; }

  const std::string path_ =
      testing::TempDir() + "assay_body_source_test." + std::to_string(::getpid());
};

TEST_F(FileBodyTest, DeliversTheFileToEachReader) {
  Write(std::string("ab\0cd\r\n", 7));
  const auto source = FileBody(path_);
  EXPECT_EQ(source->length(), 7u);
  for (const std::size_t step : {1, 3, 7, 100}) {
    EXPECT_EQ(ReadAll(*source, step).value(), std::string("ab\0cd\r\n", 7));
  }
}

TEST_F(FileBodyTest, ReadersAreIndependent) {
  Write("abcdef");
  const auto source = FileBody(path_);
  const auto first = source->Open().value();
  std::array<char, 4> space{};
  ASSERT_EQ(first->Read(space).value(), 4u);
  const auto second = source->Open().value();
  EXPECT_EQ(ReadAll(*second, 10).value(), "abcdef");
  EXPECT_EQ(ReadAll(*first, 10).value(), "ef");
}

TEST_F(FileBodyTest, AnEmptyFileIsAnEmptyBody) {
  Write("");
  const auto source = FileBody(path_);
  EXPECT_EQ(source->length(), 0u);
  EXPECT_EQ(ReadAll(*source, 10).value(), "");
}

TEST_F(FileBodyTest, WhatCannotBeOpenedIsNamed) {
  const auto missing = FileBody(path_);
  EXPECT_EQ(missing->length(), std::nullopt);
  const Error error{ErrorCode::kInvalidRequest,
                    "body file '" + path_ + "': No such file or directory"};
  EXPECT_EQ(missing->Open().error(), error);
  Write("late");
  EXPECT_EQ(missing->Open().error(), error);

  const auto removed = FileBody(path_);
  std::filesystem::remove(path_);
  EXPECT_EQ(removed->Open().error(), error);
}

TEST_F(FileBodyTest, ADirectoryIsRefused) {
  std::filesystem::create_directory(path_);
  const auto source = FileBody(path_);
  EXPECT_EQ(source->length(), std::nullopt);
  EXPECT_EQ(source->Open().error(),
            (Error{ErrorCode::kInvalidRequest, "body file '" + path_ + "': Is a directory"}));
}

TEST_F(FileBodyTest, AFileThatGrowsIsAnError) {
  Write("abcd");
  const auto source = FileBody(path_);
  Write("abcdef");
  const Error error{ErrorCode::kInvalidRequest,
                    "body file '" + path_ + "': had 4 bytes and has changed, 6 were read"};
  EXPECT_EQ(ReadAll(*source, 2).error(), error);
  EXPECT_EQ(ReadAll(*source, 100).error(), error);
}

TEST_F(FileBodyTest, AFileThatShrinksIsAnErrorEvenWhileItIsRead) {
  Write("abcdef");
  const auto source = FileBody(path_);
  const auto reader = source->Open().value();
  std::array<char, 2> space{};
  ASSERT_EQ(reader->Read(space).value(), 2u);
  std::filesystem::resize_file(path_, 4);
  EXPECT_EQ(ReadAll(*reader, 10).error(),
            (Error{ErrorCode::kInvalidRequest,
                   "body file '" + path_ + "': had 6 bytes and has changed, 4 were read"}));
}

TEST_F(FileBodyTest, APipeHasNoLength) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  // Open for both, so that neither end waits for the other.
  std::fstream writer(path_, std::ios::in | std::ios::out);
  const auto source = FileBody(path_);
  EXPECT_EQ(source->length(), std::nullopt);
  const auto reader = source->Open().value();
  writer << "through a pipe" << std::flush;
  writer.close();
  EXPECT_EQ(ReadAll(*reader, 5).value(), "through a pipe");
}

int signal_pipe = -1;

TEST_F(FileBodyTest, ASignalDoesNotEndTheBody) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  signal_pipe = ::open(path_.c_str(), O_RDWR);
  const auto reader = FileBody(path_)->Open().value();
  // Interrupts the read that waits, and only then is there something to read.
  struct sigaction action {};
  action.sa_handler = [](int) { (void)!::write(signal_pipe, "late", 4); };
  ASSERT_EQ(::sigaction(SIGALRM, &action, nullptr), 0);
  const itimerval soon{{0, 0}, {0, 2'000}};
  ASSERT_EQ(::setitimer(ITIMER_REAL, &soon, nullptr), 0);
  std::array<char, 10> space{};
  EXPECT_EQ(reader->Read(space).value(), 4u);
  ::close(signal_pipe);
}

TEST(FileBody, AReadThatFailsIsAnIoError) {
  // A file of the kernel that opens but refuses to be read at address 0.
  const auto reader = FileBody("/proc/self/mem")->Open().value();
  std::array<char, 8> space{};
  EXPECT_EQ(reader->Read(space).error(),
            (Error{ErrorCode::kIo, "body file '/proc/self/mem': Input/output error"}));
}

TEST(FileBody, ClosesItsFile) {
  const auto source = FileBody("/dev/null");
  const auto before = OpenFiles();
  {
    const auto reader = source->Open().value();
    EXPECT_EQ(OpenFiles(), before + 1);
  }
  EXPECT_EQ(OpenFiles(), before);
}

class Letters : public BodyReader {
 public:
  explicit Letters(std::size_t left) : left_(left) {}
  Result<std::size_t> Read(std::span<char> space) override {
    const std::size_t bytes = std::min(left_, space.size());
    std::fill_n(space.begin(), bytes, 'x');
    left_ -= bytes;
    return bytes;
  }

 private:
  std::size_t left_;
};

Result<std::unique_ptr<BodyReader>> FiveLetters() {
  return std::unique_ptr<BodyReader>(std::make_unique<Letters>(5));
}

TEST(GeneratedBody, MakesAReaderForEachAttempt) {
  const auto source = GeneratedBody(FiveLetters, 5);
  EXPECT_EQ(source->length(), 5u);
  EXPECT_EQ(ReadAll(*source, 2).value(), "xxxxx");
  EXPECT_EQ(ReadAll(*source, 9).value(), "xxxxx");
  EXPECT_EQ(GeneratedBody(FiveLetters)->length(), std::nullopt);
}

TEST(GeneratedBody, WithoutAReaderIsAnError) {
  EXPECT_EQ(GeneratedBody([]() -> Result<std::unique_ptr<BodyReader>> {
              return std::unique_ptr<BodyReader>();
            })
                ->Open()
                .error(),
            (Error{ErrorCode::kInvalidRequest, "generated body: make_reader made no reader"}));
  const Error own{ErrorCode::kIo, "the generator is out of letters"};
  EXPECT_EQ(
      GeneratedBody([&]() -> Result<std::unique_ptr<BodyReader>> { return own; })->Open().error(),
      own);
  try {
    GeneratedBody(nullptr);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "generated body: make_reader is empty, a function is needed");
  }
}

}  // namespace
}  // namespace assay
