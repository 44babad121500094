// Any bytes from any server, in any pieces: ResponseReader ends with a response or an error,
// never with a crash, keeps its limits, and says the same however the bytes were cut.
//
// The input: four bytes that choose the method ('H' for HEAD), the limits of header and body
// and the seed of the cuts, and then what the server sends before it closes the connection.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "assay/core/hash.h"
#include "assay/transport/response_reader.h"

namespace {

using assay::ResponseReader;

// All that a client can see of one response.
struct Outcome {
  std::string error{};
  int status = 0;
  std::string body{};
  std::string headers{};
  bool keep_alive = false;
  std::size_t left = 0;  // bytes that were not taken, because it was over before

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void Require(bool promise) {
  if (!promise) std::abort();
}

[[noreturn]] void Differ(const Outcome& whole, const Outcome& cut, std::size_t longest) {
  for (const Outcome& outcome : {whole, cut}) {
    std::fprintf(stderr, "error '%s' status %d body %zu bytes keep_alive %d headers:\n%s\n",
                 outcome.error.c_str(), outcome.status, outcome.body.size(), outcome.keep_alive,
                 outcome.headers.c_str());
  }
  std::fprintf(stderr, "the second one in pieces of at most %zu bytes\n", longest);
  std::abort();
}

// Pieces of at most `longest` bytes.
struct Cuts {
  std::uint64_t seed;
  std::size_t longest;
};

assay::Result<ResponseReader::Progress> Feed(ResponseReader& reader, std::string_view& text,
                                             const Cuts& cuts) {
  for (std::uint64_t piece = 0; !text.empty(); ++piece) {
    const std::span<char> space = reader.Space();
    Require(!space.empty());
    const std::size_t wanted = 1 + assay::Draw(cuts.seed, "cut", piece, 0) % cuts.longest;
    const std::size_t bytes = std::min({wanted, text.size(), space.size()});
    std::memcpy(space.data(), text.data(), bytes);
    text.remove_prefix(bytes);
    auto progress = reader.Commit(bytes);
    Require(reader.received());
    if (!progress || *progress == ResponseReader::Progress::kComplete) return progress;
    Require(!reader.keep_alive());
  }
  return reader.Close();
}

// A chunk that breaks several rules is refused for what is seen first, or missed when the
// connection ends, and that depends on the pieces.
std::string WhyRefused(const assay::Error& error, bool head_complete) {
  if (!head_complete) return error.message;
  return error.code == assay::ErrorCode::kBodyTooLarge ? "body too large" : "not a whole body";
}

Outcome Read(const assay::ConnectionOptions& options, assay::Method method, std::string_view text,
             const Cuts& cuts) {
  ResponseReader reader(options);
  reader.Start(method);
  Require(!reader.keep_alive() && !reader.received());
  const auto end = Feed(reader, text, cuts);
  Require(reader.response().body.size() <= options.max_body_bytes);
  Outcome outcome{.keep_alive = reader.keep_alive(), .left = text.size()};
  if (!end) {
    Require(!outcome.keep_alive);
    outcome.error = WhyRefused(end.error(), reader.head_complete());
    return outcome;
  }
  Require(*end == ResponseReader::Progress::kComplete);
  const assay::Response& response = reader.response();
  outcome.status = response.status;
  outcome.body = response.body;
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const auto field = response.headers[i];
    outcome.headers.append(field.name).append(": ").append(field.value).append("\n");
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const auto method = data[0] == 'H' ? assay::Method::kHead : assay::Method::kGet;
  assay::ConnectionOptions options;
  options.max_header_bytes = 64 + std::size_t{data[1]} * 64;
  options.max_body_bytes = std::size_t{data[2]} * 16;
  const std::string_view text(reinterpret_cast<const char*>(data) + 4, size - 4);

  const Outcome whole = Read(options, method, text, {0, SIZE_MAX});
  if (method == assay::Method::kHead) Require(whole.body.empty());
  for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, std::size_t{100}}) {
    Outcome cut = Read(options, method, text, {data[3], longest});
    // Bytes behind the response forbid reuse only where they came in one piece with its end.
    if (cut.left > 0 || whole.left > 0) cut.keep_alive = whole.keep_alive;
    cut.left = whole.left;
    if (cut != whole) Differ(whole, cut, longest);
  }
  return 0;
}
