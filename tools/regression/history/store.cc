#include "tools/regression/history/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

namespace assay::regression {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Point& point) {
  Json json = {{"name", point.name}, {"metric", point.metric}, {"unit", point.unit}};
  json["better"] = point.higher_is_better ? "higher" : "lower";
  if (point.values.empty()) {
    json["problem"] = point.problem;
    return json;
  }
  json["median"] = point.median;
  json["low"] = point.low;
  json["high"] = point.high;
  json["n"] = point.values.size();
  json["values"] = point.values;
  return json;
}

Point PointFrom(const Json& json) {
  Point point;
  point.name = json.at("name").get<std::string>();
  point.metric = json.at("metric").get<std::string>();
  point.unit = json.at("unit").get<std::string>();
  point.higher_is_better = json.at("better").get<std::string>() == "higher";
  if (json.contains("problem")) {
    point.problem = json.at("problem").get<std::string>();
    return point;
  }
  point.median = json.at("median").get<double>();
  point.low = json.at("low").get<double>();
  point.high = json.at("high").get<double>();
  point.values = json.at("values").get<std::vector<double>>();
  return point;
}

Record RecordFrom(const Json& json) {
  Record record;
  record.commit = json.at("commit").get<std::string>();
  record.sequence = json.at("sequence").get<std::int64_t>();
  const Json& host = json.at("host");
  record.host = {host.at("cpu").get<std::string>(), host.at("num_cpus").get<std::string>(),
                 host.at("host_name").get<std::string>()};
  record.date = json.at("date").get<std::string>();
  record.report = json.at("report").get<std::string>();
  for (const Json& point : json.at("points")) record.points.push_back(PointFrom(point));
  return record;
}

Error LineError(const std::string& path, std::size_t line, const std::string& what) {
  return {ErrorCode::kIo, path + ":" + std::to_string(line) + ": " + what +
                              "; accepted is one complete JSON record of schema " +
                              std::to_string(kHistorySchema) + " on a line"};
}

Result<Record> ParseLine(const std::string& path, std::size_t number, std::string_view line) {
  try {
    const Json json = Json::parse(line);
    if (!json.is_object() || !json.contains("assay_history")) {
      return LineError(path, number, "not a history record");
    }
    if (json.at("assay_history") != kHistorySchema) {
      return LineError(path, number, "schema " + json.at("assay_history").dump());
    }
    return RecordFrom(json);
  } catch (const Json::parse_error& error) {
    return LineError(path, number, "torn or no JSON at byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {
    return LineError(path, number, "a member of the record is missing or of another type");
  }
}

Error SystemError(const std::string& path, const char* doing, int code) {
  return {ErrorCode::kIo,
          path + ": cannot " + doing + ": " + std::generic_category().message(code)};
}

class File {
 public:
  explicit File(const std::string& path) {
    constexpr int kFlags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    // Made here or not must be known, to take away only what this call has made.
    descriptor_ = open(path.c_str(), kFlags | O_CREAT | O_EXCL, 0644);
    made_ = descriptor_ >= 0;
    if (!made_ && errno == EEXIST) descriptor_ = open(path.c_str(), kFlags);
  }
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int descriptor() const { return descriptor_; }
  bool made() const { return made_; }

 private:
  int descriptor_ = -1;
  bool made_ = false;
};

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0 ? 0 : errno;
}

Result<off_t> CheckedSize(const std::string& path, int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return SystemError(path, "look at it", errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::kIo, path + ": not a regular file; a history file is accepted"};
  }
  char last = '\n';
  if (status.st_size > 0 && pread(descriptor, &last, 1, status.st_size - 1) != 1) {
    return SystemError(path, "read its end", errno);
  }
  if (last != '\n') {
    return Error{ErrorCode::kIo,
                 path + ": the last line has no end; complete or remove it before adding"};
  }
  return status.st_size;
}

// A new name is only as durable as its folder.
void SyncFolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

std::string ToLine(const Record& record) {
  Json json = {{"assay_history", kHistorySchema}, {"commit", record.commit}};
  json["sequence"] = record.sequence;
  json["host"] = {{"cpu", record.host.cpu},
                  {"num_cpus", record.host.num_cpus},
                  {"host_name", record.host.name}};
  json["date"] = record.date;
  json["report"] = record.report;
  json["points"] = Json::array();
  for (const Point& point : record.points) json["points"].push_back(ToJson(point));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Done> Append(const std::string& path, const Record& record) {
  const std::string line = ToLine(record) + "\n";
  const File file(path);
  if (file.descriptor() < 0) return SystemError(path, "open it", errno);
  if (flock(file.descriptor(), LOCK_EX) != 0) return SystemError(path, "lock it", errno);
  const auto size = CheckedSize(path, file.descriptor());
  if (!size) return size.error();
  if (const int code = WriteAll(file.descriptor(), line); code != 0) {
    const bool restored = ftruncate(file.descriptor(), *size) == 0;
    if (file.made() && *size == 0) unlink(path.c_str());
    return SystemError(path, restored ? "add a line (unchanged)" : "add a line", code);
  }
  if (file.made()) SyncFolderOf(path);
  return Done{};
}

Result<std::vector<Record>> ParseHistory(const std::string& path, std::string_view text) {
  std::vector<Record> records;
  std::set<std::string_view> seen;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (!seen.insert(line).second) continue;
    auto record = ParseLine(path, number, line);
    if (!record) return record.error();
    records.push_back(std::move(*record));
  }
  std::stable_sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return std::tie(a.sequence, a.date) < std::tie(b.sequence, b.date);
  });
  return records;
}

Result<std::string> ReadBytes(const std::string& path) {
  const auto close_file = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close_file)> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return SystemError(path, "open it", errno);
  std::string bytes;
  std::array<char, 1 << 16> part;
  for (;;) {
    const std::size_t got = std::fread(part.data(), 1, part.size(), file.get());
    bytes.append(part.data(), got);
    if (got == part.size()) continue;
    if (std::ferror(file.get()) != 0) return SystemError(path, "read it", errno);
    return bytes;
  }
}

}  // namespace assay::regression
