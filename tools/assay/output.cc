#include "tools/assay/output.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <regex>

namespace assay {
namespace {

Error Failed(const std::string& path, const std::string& what) {
  return {ErrorCode::kIo, path + ": " + what + ": " + std::strerror(errno)};
}

}  // namespace

int Complain(const char* command, const std::string& what, int exit_code) {
  std::fprintf(stderr, "assay %s: %s\n", command, what.c_str());
  return exit_code;
}

Result<Done> WriteWhole(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".unfinished";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) return Failed(path, "cannot be written");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() &&
                       std::fflush(file) == 0 && ::fsync(::fileno(file)) == 0;
  const Error unwritten = Failed(path, "cannot be written");
  std::fclose(file);  // everything is on the disk or lost by now
  if (!written) {
    std::remove(temporary.c_str());
    return unwritten;
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = Failed(path, "cannot be replaced");
    std::remove(temporary.c_str());
    return error;
  }
  return Done{};
}

bool WantsColour(const std::string& option) {
  if (option == "always") return true;
  if (option == "never") return false;
  const char* no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

Result<std::vector<std::pair<std::string, double>>> ReadTolerances(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Failed(path, "cannot be opened");
  std::vector<std::pair<std::string, double>> tolerances;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const auto wrong = [&](const char* what) {
      return Error{ErrorCode::kIo, path + ":" + std::to_string(number) + ": " + what +
                                       "; accepted: TOLERANCE REGEX, for example 0.05 ^BM_noisy"};
    };
    double tolerance = 0;
    const char* end = line.data() + line.size();
    const auto [rest, failure] = std::from_chars(line.data(), end, tolerance);
    if (failure != std::errc() || end - rest < 2 || *rest != ' ')
      return wrong("no tolerance and regex");
    if (!(tolerance > 0 && tolerance <= 10))
      return wrong("the tolerance is not above 0 and at most 10");
    const std::string pattern(rest + 1, end);
    try {
      const std::regex valid(pattern);
    } catch (const std::regex_error&) {
      return wrong("not a regular expression");
    }
    tolerances.emplace_back(pattern, tolerance);
  }
  if (file.bad()) return Failed(path, "cannot be read");
  return tolerances;
}

}  // namespace assay
