// Sources that are compiled together, as the build files of this build list them, must not have
// names of their own in common: of two functions that take different arguments, either might be
// called by both, without a word from the compiler.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace assay {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::set<std::string> FirstGroups(const std::string& text, const char* pattern) {
  const std::regex regex(pattern, std::regex::ECMAScript | std::regex::multiline);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

// What stands in an anonymous namespace, at its first level: functions, types and constants.
std::set<std::string> OwnNames(const std::string& source) {
  std::set<std::string> names;
  for (std::size_t begin = 0; (begin = source.find("namespace {\n", begin)) != std::string::npos;) {
    const std::size_t end = source.find("\n}  // namespace\n", begin);
    const std::string inside = source.substr(begin, end - begin);
    names.merge(FirstGroups(
        inside, R"(^(?:\[\[\w+\]\] )?[A-Za-z][\w:<>*&, \[\]]*[ *&](\w+)\([^;{}]*\) ?(?:\w+ )?\{)"));
    names.merge(FirstGroups(inside, R"(^(?:struct|class|enum class) (\w+))"));
    names.merge(FirstGroups(inside, R"(^(?:constexpr|const) [^=({]* (\w+)(?: =|\{|\())"));
    if (end == std::string::npos) break;
    begin = end;
  }
  for (const char* macro : {"TEST", "TEST_F", "TEST_P", "INSTANTIATE_TEST_SUITE_P"}) {
    names.erase(macro);
  }
  return names;
}

TEST(OwnNames, AreThoseOfTheAnonymousNamespace) {
  const std::string source =
      "namespace assay {\n\nint Shared(int a) {\n}\n\nnamespace {\n\nconstexpr int kOne = 1;\n"
      "struct Two {\n  int Inner() {\n  }\n};\n\nstd::string Three(int a,\n                  int "
      "b) {\n"
      "  int local = Called(a) {\n}\n\n[[nodiscard]] bool Four(const X& x) noexcept {\n}\n\n"
      "TEST(A, B) {\n}\n\n}  // namespace\n\nint Outer() {\n}\n";
  EXPECT_EQ(OwnNames(source), (std::set<std::string>{"Two", "Three", "Four", "kOne"}));
}

TEST(JoinedSources, HaveNoNamesInCommon) {
  const std::set<std::string> joined =
      FirstGroups(ReadFile(std::filesystem::path(ASSAY_BINARY_DIR) / "compile_commands.json"),
                  R"re("file": "(.*/unity_\d+_cxx\.cxx)")re");
  for (const std::string& together : joined) {
    std::map<std::string, std::string> owners;
    for (const std::string& source : FirstGroups(ReadFile(together), "^#include \"(.*)\"$")) {
      for (const std::string& name : OwnNames(ReadFile(source))) {
        const auto [owner, is_new] = owners.emplace(name, source);
        EXPECT_TRUE(is_new) << source << ": " << name << " is also in " << owner->second
                            << ", with which it is compiled: rename one, or give the file to "
                               "assay_apart() in its CMakeLists.txt";
      }
    }
  }
  if (joined.empty()) GTEST_SKIP() << "this build joins no sources";
}

}  // namespace
}  // namespace assay
