// Holds every include of the tree against the table in src/README.md, and those of public headers
// against the list of what is installed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace assay {
namespace {

namespace fs = std::filesystem;

struct Layer {
  std::set<std::string> ours;    // folders as the table abbreviates them
  std::set<std::string> others;  // include prefixes
};
using Layers = std::map<std::string, Layer>;  // by folder

std::set<std::string> QuotedIn(const std::string& cell) {
  std::set<std::string> words;
  for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at)) {
    const std::size_t end = cell.find('`', at + 1);
    words.insert(cell.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

// The rows whose first cell is one quoted folder and that have four cells.
Layers ReadLayers(std::istream& table) {
  Layers layers;
  for (std::string line; std::getline(table, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell);
    if (cells.size() != 4) continue;
    layers[*QuotedIn(cells[0]).begin()] = {QuotedIn(cells[1]), QuotedIn(cells[2])};
  }
  return layers;
}

// "assay/core/clock.h" -> "core", "assay/fixture/plan/plan.h" -> "fixture/plan",
// "bench/harness/wrk.h" -> "bench/harness"; empty for what is not ours.
std::string FolderOfInclude(const std::string& include) {
  std::string folder = fs::path(include).parent_path();
  if (folder.starts_with("assay/")) return folder.substr(6);
  for (const char* top : {"bench", "tools", "tests"}) {
    if (folder == top || folder.starts_with(std::string(top) + "/")) return folder;
  }
  return {};
}

std::string Abbreviated(const std::string& folder) {
  for (const char* root : {"src/assay/", "fixtures/assay/"}) {
    if (folder.starts_with(root)) return folder.substr(std::string(root).size());
  }
  return folder;
}

bool IsThirdParty(const std::string& include) {
  for (const char* name : {"boost/", "civetweb", "nlohmann/", "CLI/", "benchmark/", "gtest/",
                           "openssl/", "sqlite3", "zlib", "liburing", "curl/", "httplib"}) {
    if (include.starts_with(name)) return true;
  }
  return false;
}

// Empty when `include` is allowed in `file`.
std::string Verdict(const Layers& layers, const fs::path& file, const std::string& include) {
  const std::string folder = file.parent_path();
  const auto layer = layers.find(folder);
  if (layer == layers.end()) return "folder " + folder + " is not in the table of src/README.md";
  const bool header = file.extension() == ".h";
  if (header && (include.starts_with("boost/beast") || include.starts_with("civetweb"))) {
    return "a header includes " + include;
  }
  if (const std::string from = FolderOfInclude(include); !from.empty()) {
    if (from == Abbreviated(folder) || layer->second.ours.contains(from)) return {};
    return folder + " may not include " + from;
  }
  if (!IsThirdParty(include)) return {};
  for (const std::string& prefix : layer->second.others) {
    if (include.starts_with(prefix)) return {};
  }
  return folder + " may not include " + include;
}

std::vector<std::string> IncludesOf(const fs::path& file) {
  std::vector<std::string> includes;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("#include ")) continue;
    const std::size_t begin = line.find_first_of("\"<") + 1;
    includes.push_back(line.substr(begin, line.find_first_of("\">", begin) - begin));
  }
  return includes;
}

Layers TableOfTheTree() {
  std::ifstream readme(fs::path(ASSAY_SOURCE_DIR) / "src/README.md");
  return ReadLayers(readme);
}

// As the build lists them for installation: "assay/core/clock.h".
std::set<std::string> PublicHeaders() {
  std::set<std::string> headers;
  std::istringstream list(ASSAY_PUBLIC_HEADERS);
  for (std::string header; std::getline(list, header, ':');) headers.insert(header);
  return headers;
}

// Empty when a user who has `installed` and nothing else may read `include` in `header`.
std::string PublicVerdict(const std::set<std::string>& installed, const std::string& header,
                          const std::string& include) {
  if (!FolderOfInclude(include).empty() && !installed.contains(include)) {
    return header + " is installed, " + include + " is not";
  }
  const bool adapter =
      header.starts_with("assay/fixture/adapters/") || header.starts_with("assay/adapters/");
  if (!adapter && IsThirdParty(include)) return header + " shows its users " + include;
  return {};
}

TEST(Layers, NoFileIncludesWhatItsLayerMayNot) {
  const Layers layers = TableOfTheTree();
  int files = 0;
  for (const char* top : {"src", "fixtures", "bench", "tools"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(ASSAY_SOURCE_DIR) / top)) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      ++files;
      const fs::path file = fs::relative(entry.path(), ASSAY_SOURCE_DIR);
      for (const std::string& include : IncludesOf(entry.path())) {
        EXPECT_EQ(Verdict(layers, file, include), "") << file << " includes " << include;
      }
    }
  }
  EXPECT_GT(files, 50);
}

TEST(Layers, NoPatternMayIncludeAnother) {
  for (const auto& [folder, layer] : TableOfTheTree()) {
    if (!folder.starts_with("src/assay/patterns/")) continue;
    for (const std::string& from : layer.ours)
      EXPECT_FALSE(from.starts_with("patterns/")) << folder;
  }
}

TEST(Layers, TheTableHasNoCycleAndNoUnknownFolder) {
  const Layers layers = TableOfTheTree();
  std::map<std::string, std::set<std::string>> open;
  for (const auto& [folder, layer] : layers) open[Abbreviated(folder)] = layer.ours;
  for (const auto& [folder, ours] : open) {
    for (const std::string& from : ours) EXPECT_TRUE(open.contains(from)) << folder << ": " << from;
  }
  // Takes away, again and again, the folders that need no other one.
  for (std::size_t before = 0; before != open.size();) {
    before = open.size();
    std::set<std::string> free;
    for (const auto& [folder, ours] : open) {
      if (ours.empty()) free.insert(folder);
    }
    for (const std::string& folder : free) open.erase(folder);
    for (auto& [folder, ours] : open) {
      for (const std::string& gone : free) ours.erase(gone);
    }
  }
  EXPECT_TRUE(open.empty()) << "cycle through " << open.begin()->first;
}

TEST(Layers, APublicHeaderNeedsNothingThatUsersHaveNot) {
  const std::set<std::string> installed = PublicHeaders();
  EXPECT_GT(installed.size(), 30U);
  for (const std::string& header : installed) {
    const fs::path source = fs::path(ASSAY_SOURCE_DIR);
    const bool fixture = header.starts_with("assay/fixture/");
    const fs::path file = source / (fixture ? "fixtures" : "src") / header;
    EXPECT_TRUE(fs::exists(file)) << file;
    for (const std::string& include : IncludesOf(file)) {
      EXPECT_EQ(PublicVerdict(installed, header, include), "");
    }
  }
}

TEST(Layers, TheCheckOfPublicHeadersFindsWhatItIsThereToFind) {
  const auto verdict = [](const char* header, const char* include) {
    return PublicVerdict({"assay/core/a.h", "assay/core/b.h"}, header, include);
  };
  EXPECT_EQ(verdict("assay/core/a.h", "assay/core/b.h"), "");
  EXPECT_EQ(verdict("assay/core/a.h", "vector"), "");
  EXPECT_EQ(verdict("assay/core/a.h", "assay/core/c.h"),
            "assay/core/a.h is installed, assay/core/c.h is not");
  EXPECT_EQ(verdict("assay/core/a.h", "openssl/ssl.h"),
            "assay/core/a.h shows its users openssl/ssl.h");
  EXPECT_EQ(verdict("assay/core/a.h", "boost/asio/post.hpp"),
            "assay/core/a.h shows its users boost/asio/post.hpp");
  EXPECT_EQ(verdict("assay/core/a.h", "civetweb.h"), "assay/core/a.h shows its users civetweb.h");
  EXPECT_EQ(verdict("assay/fixture/adapters/a.h", "gtest/gtest.h"), "");
  EXPECT_EQ(verdict("assay/adapters/a.h", "boost/asio/post.hpp"), "");
  EXPECT_EQ(verdict("assay/fixture/fakes/a.h", "boost/asio/post.hpp"),
            "assay/fixture/fakes/a.h shows its users boost/asio/post.hpp");
  EXPECT_EQ(verdict("assay/core/a.h", "gtest/gtest.h"),
            "assay/core/a.h shows its users gtest/gtest.h");
}

TEST(Layers, TheCheckFindsWhatItIsThereToFind) {
  const Layers layers = TableOfTheTree();
  const auto verdict = [&](const char* file, const char* include) {
    return Verdict(layers, file, include);
  };
  EXPECT_EQ(verdict("src/assay/core/a.h", "assay/http/url.h"),
            "src/assay/core may not include http");
  EXPECT_EQ(verdict("src/assay/patterns/semaphore/a.h", "assay/patterns/circuit_breaker/b.h"),
            "src/assay/patterns/semaphore may not include patterns/circuit_breaker");
  EXPECT_EQ(verdict("src/assay/engines/a.cc", "assay/fixture/server/mock_server.h"),
            "src/assay/engines may not include fixture/server");
  EXPECT_EQ(verdict("src/assay/engines/a.cc", "boost/beast/http.hpp"),
            "src/assay/engines may not include boost/beast/http.hpp");
  EXPECT_EQ(verdict("src/assay/transport/a.h", "boost/beast/http.hpp"),
            "a header includes boost/beast/http.hpp");
  EXPECT_EQ(verdict("src/assay/transport/a.cc", "boost/beast/http.hpp"), "");
  EXPECT_EQ(verdict("src/assay/engines/a.cc", "gtest/gtest.h"),
            "src/assay/engines may not include gtest/gtest.h");
  EXPECT_EQ(verdict("src/assay/engines/a.cc", "openssl/ssl.h"),
            "src/assay/engines may not include openssl/ssl.h");
  EXPECT_EQ(verdict("src/assay/engines/a.cc", "vector"), "");
  EXPECT_EQ(verdict("src/assay/new/a.cc", "vector"),
            "folder src/assay/new is not in the table of src/README.md");
}

}  // namespace
}  // namespace assay
