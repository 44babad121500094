#include "tools/regression/run/block_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tools/regression/run/block_log_text.h"

namespace assay::regression {
namespace {

Error Failed(const std::string& place, const std::string& why) {
  return {ErrorCode::kIo, place + ": " + why};
}

std::string Reason(int code) { return std::generic_category().message(code); }

std::string MetricsText(const RecordedMetrics& metrics) {
  std::string text = "the metrics";
  for (const auto* names : {&metrics.medians, &metrics.counts}) {
    for (const std::string& name : *names) text += " " + name;
  }
  return text;
}

// How `found` differs from `expected`, empty when the blocks belong together.
std::string Difference(const LoggedProgram& found, const LoggedProgram& expected) {
  if (found.hash != expected.hash) {
    return found.path == expected.path ? expected.path + " has changed since"
                                       : "it is for " + found.path + ", not " + expected.path;
  }
  if (found.arguments != expected.arguments) return expected.path + " got other arguments";
  return {};
}

std::string Difference(const BlockLogHeader& found, const BlockLogHeader& expected) {
  if (std::string text = Difference(found.base, expected.base); !text.empty()) return text;
  if (std::string text = Difference(found.head, expected.head); !text.empty()) return text;
  if (found.seed != expected.seed) {
    return "its seed is " + std::to_string(found.seed) + ", not " + std::to_string(expected.seed);
  }
  if (found.min_time_s != expected.min_time_s) return "it has another minimum time";
  if (found.repetitions != expected.repetitions) return "it has other repetitions";
  if (found.cpu != expected.cpu) return "it is pinned to another CPU";
  if (found.filter != expected.filter) return "its filter is " + found.filter;
  if (found.metrics != expected.metrics) {
    return "it has " + MetricsText(found.metrics) + ", not " + MetricsText(expected.metrics);
  }
  return {};
}

// The first line of `text`, which is taken off, without its line end; nothing when
// there is no whole one.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// An empty file, or one whose very header was cut off, is a log without blocks; a
// file of any other kind must not be written over.
bool MayBeTornHeader(std::string_view text) {
  return text.starts_with(kBlockLogStart) || kBlockLogStart.starts_with(text);
}

Result<LoadedBlocks> Parse(const std::string& path, std::string_view text,
                           const BlockLogHeader& expected) {
  LoadedBlocks loaded;
  const std::size_t size = text.size();
  const auto first = TakeLine(text);
  if (!first.has_value()) {
    if (!MayBeTornHeader(text)) return Failed(path, "is not a block log");
    if (size > 0) loaded.notes.push_back(path + ": its header was not finished: begun again");
    return loaded;
  }
  const auto header = ParseHeaderLine(*first);
  if (!header.has_value()) {
    return Failed(path + ":1", first->starts_with(kBlockLogStart)
                                   ? "a header that is damaged or of another version (known: 2)"
                                   : "is not a block log");
  }
  if (const std::string difference = Difference(*header, expected); !difference.empty()) {
    return Failed(path, "belongs to another comparison: " + difference);
  }
  while (const auto line = TakeLine(text)) {
    auto block = ParseBlockLine(*line);
    const int next = static_cast<int>(loaded.blocks.size());
    if (!block.has_value() || block->number != next) {
      return Failed(path + ":" + std::to_string(next + 2), "is not block " + std::to_string(next));
    }
    loaded.blocks.push_back(std::move(*block));
  }
  loaded.bytes = size - text.size();
  if (!text.empty()) loaded.notes.push_back(path + ": its last line was not finished: dropped");
  return loaded;
}

}  // namespace

Result<LoadedBlocks> LoadBlockLog(const std::string& path, const BlockLogHeader& expected) {
  // A device may have no end.
  std::error_code none;
  if (std::filesystem::exists(path, none) && !std::filesystem::is_regular_file(path, none)) {
    return Failed(path, "is not a regular file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failed(path, "cannot be opened");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return Failed(path, "cannot be read");
  return Parse(path, text, expected);
}

BlockLog::BlockLog(std::string path, FileDescriptor file, std::size_t bytes)
    : path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

Result<BlockLog> BlockLog::Open(const std::string& path, const BlockLogHeader& header,
                                LoadedBlocks& loaded) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!file.open()) return Failed(path, "cannot be opened: " + Reason(errno));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return Failed(path, "another comparison is writing it");
  }
  auto read = LoadBlockLog(path, header);
  if (!read.ok()) return read.error();
  loaded = std::move(*read);
  // Nothing may be appended to the rest of a line.
  if (::ftruncate(file.get(), static_cast<off_t>(loaded.bytes)) != 0) {
    return Failed(path, "cannot be written: " + Reason(errno));
  }
  BlockLog log(path, std::move(file), loaded.bytes);
  if (loaded.bytes == 0) {
    if (const auto written = log.Write(HeaderLine(header)); !written.ok()) return written.error();
  }
  return log;
}

Result<Done> BlockLog::Append(const Block& block) { return Write(BlockLine(block)); }

Result<Done> BlockLog::Write(const std::string& line) {
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t bytes = ::write(file_.get(), line.data() + written, line.size() - written);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) {
      const int code = errno;
      // If not even this works, the loader drops the rest of a line.
      if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) errno = code;
      return Failed(path_, "cannot be written: " + Reason(code));
    }
    written += static_cast<std::size_t>(bytes);
  }
  bytes_ += line.size();
  return Done{};
}

}  // namespace assay::regression
