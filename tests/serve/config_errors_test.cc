// What is wrong with a document, and where: one line each.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tools/serve/config.h"

namespace assay::serve {
namespace {

// Without the name of the document.
std::string ProblemOf(const std::string& text) {
  const auto config = ReadConfig("f.json", text);
  if (config) return "none";
  EXPECT_EQ(config.error().code, ErrorCode::kIo);
  const std::string& message = config.error().message;
  EXPECT_TRUE(message.starts_with("f.json")) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  return message.substr(6);
}

struct Case {
  const char* text;
  const char* problem;
};

void ExpectProblems(std::initializer_list<Case> cases) {
  for (const auto& [text, problem] : cases) EXPECT_EQ(ProblemOf(text), problem) << text;
}

TEST(ServeConfigErrors, WhatIsNoJsonHasALineAndAColumn) {
  ExpectProblems({
      {"",
       ":1:1: syntax error while parsing value - unexpected end of input; expected '[', '{', "
       "or a literal"},
      {"{\n  \"seed\": 1,\n}",
       ":3:1: syntax error while parsing object key - unexpected '}'; expected string literal"},
      {"{} {}", ":1:4: syntax error while parsing value - unexpected '{'; expected end of input"},
      {R"({"jitter": 1e999})",
       ": [json.exception.out_of_range.406] number overflow parsing '1e999'"},
  });
  const std::string problem = ProblemOf("{\"seed\": \n   \"" + std::string(5000, 'x'));
  EXPECT_TRUE(problem.starts_with(":2:")) << problem;
  EXPECT_LT(problem.size(), 400u);
}

TEST(ServeConfigErrors, AKeyThatIsThereTwiceIsRefused) {
  ExpectProblems({
      {R"({"seed": 1, "seed": 1})", R"(: "seed" is there twice)"},
      {R"({"rules": [{"name": "a", "hold": true}, {"name": "b", "match": {"path": "", "path": ""}}]})",
       R"(: /rules/1/match: "path" is there twice)"},
      {R"({"rules": [[1, {}, [2]], {"a": {}, "a": 1}]})", R"(: /rules/1: "a" is there twice)"},
      {R"({"a": {"b": {"c": 1, "c": 2}, "b": 3}})", R"(: /a/b: "c" is there twice)"},
  });
}

TEST(ServeConfigErrors, AnUnknownKeyIsNamedWithTheAcceptedOnes) {
  ExpectProblems({
      {R"({"rules": [{"name": "a", "faults": [{"name": "x"}, {"name": "y", "rat": 1}]}]})",
       R"(: /rules/0/faults/1: "rat" is not one of name, rate, every, answer)"},
      {R"({"capacity": {"slot": 1}})", R"(: /capacity: "slot" is not one of slots, queue, reject)"},
      {R"({"rules": [{"name": "a", "latency": {"normal": 1}}]})",
       R"(: /rules/0/latency: "normal" is not one of fixed, uniform, exponential, log_normal, )"
       R"(percentiles, histogram)"},
      {R"({"rules": [{"name": "a", "latency": {"uniform": {"low": "1ms", "hgh": "2ms"}}}]})",
       R"(: /rules/0/latency/uniform: "hgh" is not one of low, high)"},
      {"{\"a\\nb\": 1, \"capacity\": 3}", ": /capacity: is a number, not an object"},
  });
  EXPECT_TRUE(ProblemOf("{\"a\\nb\": 1}").starts_with(": \"a?b\" is not one of latency, jitter, "));
}

TEST(ServeConfigErrors, AKeyThatIsNeededIsNamed) {
  ExpectProblems({
      {R"({"rules": [{}]})", R"(: /rules/0: "name" is missing)"},
      {R"({"rules": [{"name": "a", "faults": [{}]}]})",
       R"(: /rules/0/faults/0: "name" is missing)"},
      {R"({"rules": [{"name": "a", "scenario": {}}]})",
       R"(: /rules/0/scenario: "scenario" is missing)"},
      {R"({"rules": [{"name": "a", "latency": {"log_normal": {}}}]})",
       R"(: /rules/0/latency/log_normal: "median" is missing)"},
      {R"({"rules": [{"name": "a", "latency": {"exponential": {}}}]})",
       R"(: /rules/0/latency/exponential: "mean" is missing)"},
      {R"({"rules": [{"name": "a", "latency": {"percentiles": [{"percent": 1}]}}]})",
       R"(: /rules/0/latency/percentiles/0: "latency" is missing)"},
      {R"({"rules": [{"name": "a", "latency": {"histogram": [{"count": 1}]}}]})",
       R"(: /rules/0/latency/histogram/0: "upper" is missing)"},
      {R"({"rules": [{"name": "a", "answer": {"headers": [{"value": "1"}]}}]})",
       R"(: /rules/0/answer/headers/0: "name" is missing)"},
      {R"({"rules": [{"name": "a", "answer": {"headers": [{"name": "A"}]}}]})",
       R"(: /rules/0/answer/headers: "A" has no value)"},
      {R"({"gate": {"exchange_faults": [{"name": "a", "when": {}}]}})",
       R"(: /gate/exchange_faults/0: "action" is missing)"},
      {R"({"gate": {"connection_faults": [{"name": "a", "action": {"effect": "reset"}}]}})",
       R"(: /gate/connection_faults/0/action: "at" is missing)"},
      {R"({"gate": {"connection_faults": [{"name": "a", "action": {"at": "accept"}}]}})",
       R"(: /gate/connection_faults/0/action: "effect" is missing)"},
  });
}

TEST(ServeConfigErrors, AWrongTypeIsNamedWithTheRightOne) {
  ExpectProblems({
      {"[]", ": is an array, not an object"},
      {"3", ": is a number, not an object"},
      {R"({"jitter": "1"})", ": /jitter: is a string, not a number"},
      {R"({"jitter": null})", ": /jitter: is null, not a number"},
      {R"({"seed": true})", ": /seed: is true or false, not a whole number"},
      {R"({"rules": {}})", ": /rules: is an object, not an array"},
      {R"({"rules": [{"name": 1}]})", ": /rules/0/name: is a number, not a string"},
      {R"({"rules": [{"name": "a", "hold": 1}]})",
       ": /rules/0/hold: is a number, not true or false"},
      {R"({"latency": 5})",
       R"(: /latency: is a number, not a duration such as "5ms" (units: ns, us, ms, s))"},
      {R"({"latency": {"uniform": {}}})",
       R"(: /latency: is an object, not a duration such as "5ms" (units: ns, us, ms, s))"},
      {R"({"rules": [{"name": "a", "latency": 5}]})",
       R"(: /rules/0/latency: is a number, not a duration such as "5ms" (units: ns, us, ms, s), )"
       R"(or an object with a distribution)"},
      {R"({"rules": [{"name": "a", "answer": {"headers": {"a/b~c": 1}}}]})",
       ": /rules/0/answer/headers/a~1b~0c: is a number, not a string"},
  });
}

TEST(ServeConfigErrors, AWrongValueIsNamedWithWhatIsAccepted) {
  ExpectProblems({
      {R"({"latency": "5"})",
       R"(: /latency: "5" is not a duration such as "5ms" (units: ns, us, ms, s))"},
      {R"({"seed": -1})", ": /seed: -1 is not a whole number between 0 and 18446744073709551615"},
      {R"({"seed": 1.0})", ": /seed: 1.0 is not a whole number between 0 and 18446744073709551615"},
      {R"({"port": 65536})", ": /port: 65536 is not a whole number between 0 and 65535"},
      {R"({"max_connections": 0})",
       ": /max_connections: 0 is not a whole number between 1 and 10000"},
      {R"({"max_connections": 10001})",
       ": /max_connections: 10001 is not a whole number between 1 and 10000"},
      {R"({"journal_entries": 1000001})",
       ": /journal_entries: 1000001 is not a whole number between 0 and 1000000"},
      {R"({"capacity": {"slots": 0}})",
       ": /capacity/slots: 0 is not a whole number between 1 and 10000"},
      {R"({"capacity": {"slots": 10001}})",
       ": /capacity/slots: 10001 is not a whole number between 1 and 10000"},
      {R"({"capacity": {"queue": 10001}})",
       ": /capacity/queue: 10001 is not a whole number between 0 and 10000"},
      {R"({"capacity": {"reject": {"status": 99}}})",
       ": /capacity/reject/status: 99 is not a whole number between 100 and 999"},
      {R"({"capacity": {"reject": {"status": 1000}}})",
       ": /capacity/reject/status: 1000 is not a whole number between 100 and 999"},
      {R"({"gate": {"threads": 0}})", ": /gate/threads: 0 is not a whole number between 1 and 64"},
      {R"({"gate": {"threads": 65}})",
       ": /gate/threads: 65 is not a whole number between 1 and 64"},
      {R"({"rules": [{"name": "a", "answer": {"form": "odd"}}]})",
       R"(: /rules/0/answer/form: "odd" is not one of length, chunked, until_close, nothing, )"
       R"(half_head, length_too_long, length_too_short, bad_chunk, half_chunk, garbage)"},
      {R"({"gate": {"tls": {"certificate": "bad"}}})",
       R"(: /gate/tls/certificate: "bad" is not one of good, self_signed, expired, )"
       R"(not_yet_valid, wrong_host, unknown_authority)"},
      {R"({"gate": {"exchange_faults": [{"name": "a", "action": {"effect": "rst"}}]}})",
       R"(: /gate/exchange_faults/0/action/effect: "rst" is not one of reset, close, stall, )"
       R"(delay, dribble, throttle, corrupt)"},
      {R"({"gate": {"exchange_faults": [{"name": "a", "action": {"at": "end"}}]}})",
       R"(: /gate/exchange_faults/0/action/at: "end" is not one of accept, handshake, )"
       R"(request_start, request_bytes, response_start, response_bytes, response_end)"},
  });
}

TEST(ServeConfigErrors, ALatencyThatCannotBeSaysWhy) {
  ExpectProblems({
      {R"({"rules": [{"name": "a", "latency": {}}]})",
       ": /rules/0/latency: has 0 distributions, not one"},
      {R"({"rules": [{"name": "a", "latency": {"fixed": "1ms", "exponential": {"mean": "1ms"}}}]})",
       ": /rules/0/latency: has 2 distributions, not one"},
      {R"({"rules": [{"name": "a", "latency": {"uniform": {"low": "3ms", "high": "2ms"}}}]})",
       ": /rules/0/latency/uniform: uniform latency: low 3 ms is above high 2 ms"},
      // Not that the mean is 0: it could not be read.
      {R"({"rules": [{"name": "a", "latency": {"exponential": {"mean": 1}}}]})",
       R"(: /rules/0/latency/exponential/mean: is a number, not a duration such as "5ms" )"
       R"((units: ns, us, ms, s))"},
  });
  const std::string decreasing = ProblemOf(R"({"rules": [{"name": "a", "latency": {"percentiles": [
      {"percent": 1, "latency": "2ms"}, {"percent": 2, "latency": "1ms"}]}}]})");
  EXPECT_TRUE(decreasing.starts_with(": /rules/0/latency/percentiles: ")) << decreasing;
  const std::string fixed = ProblemOf(R"({"rules": [{"name": "a", "latency": "61s"}]})");
  EXPECT_TRUE(fixed.starts_with(": /rules/0/latency: ")) << fixed;
}

TEST(ServeConfigErrors, WhatThePlansRefuseIsToldWithTheFile) {
  ExpectProblems({
      {R"({"error_rate": 1.5})", ": error_rate: 1.5 is not between 0 and 1"},
      {R"({"retry_after_min_s": 9})",
       ": retry_after_max_s: 5 is not 9 (retry_after_min_s) or more"},
      {R"({"rules": [{"name": "a", "faults": [{"name": "x", "rate": 0.6}, {"name": "y", "rate": 0.6}]}]})",
       R"(: rule "a": faults: rates sum to 1.2, which is above 1)"},
      {R"({"gate": {"exchange_faults": [{"name": "a", "when": {"rate": 2},
           "action": {"at": "request_start", "effect": "reset"}}]}})",
       ": exchange_faults 'a': rate 2 is not between 0 and 1"},
      {R"({"rules": [{"name": "a", "scenario": {"scenario": "s", "when": "x\ny"}}]})",
       R"(: rule "a": scenario "s": when "x?y": no rule leads to that state)"},
  });
}

TEST(ServeConfigErrors, TheFirstProblemIsTheOneThatIsTold) {
  EXPECT_EQ(ProblemOf(R"({"seed": "a", "port": "b"})"), ": /seed: is a string, not a whole number");
}

TEST(ServeConfigErrors, AFileThatCannotBeReadSaysWhy) {
  const auto none = ReadConfigFile("/nowhere/at/all.json");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message,
            "/nowhere/at/all.json: cannot be opened: No such file or directory");
  const auto folder = ReadConfigFile("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message, "/: cannot be read: Is a directory");
}

TEST(ServeConfigErrors, AFileIsNamedByItsPath) {
  const std::string path = testing::TempDir() + "serve." + std::to_string(::getpid());
  // More than is read at once.
  std::ofstream(path) << std::string(200'000, ' ') << R"({"seed": "1"})";
  const auto config = ReadConfigFile(path);
  std::filesystem::remove(path);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message, path + ": /seed: is a string, not a whole number");
}

// Of the object that stands in place of the $ in `text`.
std::vector<std::string> AcceptedKeys(std::string text) {
  text.replace(text.find('$'), 1, R"({"?": 0})");
  const std::string problem = ProblemOf(text);
  const std::string before = "\"?\" is not one of ";
  const auto begin = problem.find(before);
  EXPECT_NE(begin, std::string::npos) << problem;
  std::vector<std::string> keys;
  std::istringstream list(problem.substr(begin + before.size()));
  for (std::string key; std::getline(list >> std::ws, key, ',');) keys.push_back(key);
  return keys;
}

TEST(ServeReference, NamesEveryKey) {
  std::ifstream file(ASSAY_SOURCE_DIR "/tools/serve/README.md");
  const std::string reference{std::istreambuf_iterator<char>(file), {}};
  std::size_t count = 0;
  for (const char* place : {"$",
                            R"({"capacity": $})",
                            R"({"capacity": {"reject": $}})",
                            R"({"rules": [$]})",
                            R"({"rules": [{"match": $}]})",
                            R"({"rules": [{"match": {"headers": [$]}}]})",
                            R"({"rules": [{"latency": $}]})",
                            R"({"rules": [{"latency": {"uniform": $}}]})",
                            R"({"rules": [{"latency": {"exponential": $}}]})",
                            R"({"rules": [{"latency": {"log_normal": $}}]})",
                            R"({"rules": [{"latency": {"percentiles": [$]}}]})",
                            R"({"rules": [{"latency": {"histogram": [$]}}]})",
                            R"({"rules": [{"faults": [$]}]})",
                            R"({"rules": [{"attempts": [$]}]})",
                            R"({"rules": [{"window": $}]})",
                            R"({"rules": [{"scenario": $}]})",
                            R"({"gate": $})",
                            R"({"gate": {"tls": $}})",
                            R"({"gate": {"connection_faults": [$]}})",
                            R"({"gate": {"exchange_faults": [$]}})",
                            R"({"gate": {"exchange_faults": [{"when": $}]}})",
                            R"({"gate": {"exchange_faults": [{"action": $}]}})"}) {
    for (const std::string& key : AcceptedKeys(place)) {
      EXPECT_NE(reference.find("`" + key + "`"), std::string::npos) << key << " of " << place;
      ++count;
    }
  }
  EXPECT_GE(count, 80u);
}

}  // namespace
}  // namespace assay::serve
