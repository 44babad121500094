// Holds the README against the tree: what it shows must be what is built.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const std::string& path) {
  std::ifstream file(fs::path(ASSAY_SOURCE_DIR) / path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, ShowsTheExampleThatIsCompiledAndRun) {
  EXPECT_NE(TextOf("README.md").find("```cpp\n" + TextOf("tests/readme_example.cc") + "```"),
            std::string::npos);
}

TEST(Readme, IsNoLongerThan120Lines) {
  const std::string text = TextOf("README.md");
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 120);
}

TEST(Readme, NamesEveryEntryOfTheTopLevel) {
  const std::string text = TextOf("README.md");
  for (const auto& entry : fs::directory_iterator(ASSAY_SOURCE_DIR)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(".") || name == "build" || name == "reports" || name == "README.md") {
      continue;
    }
    EXPECT_NE(text.find("`" + name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace assay
