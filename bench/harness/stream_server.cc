#include "bench/harness/stream_server.h"

#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "assay/core/hash.h"

namespace assay::bench {
namespace {

constexpr std::size_t kBlock = 1 << 20;

std::string MakeBlock() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string block;
  for (std::uint64_t i = 0; block.size() < kBlock; ++i) {
    for (std::uint64_t word = Mix(i), k = 0; k < 16; ++k, word >>= 4) block += kDigits[word & 15];
  }
  return block;
}

std::string Gzipped(std::uint64_t bytes) {
  constexpr int kWithGzipHeader = 15 + 16, kMemory = 8;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kWithGzipHeader, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("stream server: no memory for zlib");
  }
  std::string coded(::deflateBound(&stream, bytes), '\0');
  stream.next_out = reinterpret_cast<Bytef*>(coded.data());
  stream.avail_out = static_cast<uInt>(coded.size());
  for (std::uint64_t sent = 0; sent < bytes;) {
    const std::string_view piece = StreamPiece(sent, bytes - sent);
    sent += piece.size();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    ::deflate(&stream, sent < bytes ? Z_NO_FLUSH : Z_FINISH);
  }
  coded.resize(stream.total_out);
  ::deflateEnd(&stream);
  return coded;
}

bool SendAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// What a connection has brought and nobody has looked at yet is in `rest`.
struct Peer {
  int fd;
  std::string rest{};

  // The header section of the next request; empty when there is none.
  std::string Head() {
    std::array<char, 4096> buffer;
    std::size_t end = 0;
    while ((end = rest.find("\r\n\r\n")) == std::string::npos) {
      const ssize_t bytes = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (bytes <= 0) return {};
      rest.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    std::string head = rest.substr(0, end + 4);
    rest.erase(0, end + 4);
    return head;
  }

  // Takes a body of `bytes`; false if it is cut short. `right`: it was the text.
  bool TakeBody(std::uint64_t bytes, bool& right) {
    static std::string buffer(256 * 1024, '\0');
    right = true;
    for (std::uint64_t taken = 0; taken < bytes;) {
      std::string_view piece = rest;
      if (piece.empty()) {
        const std::size_t most = std::min<std::uint64_t>(buffer.size(), bytes - taken);
        const ssize_t got = ::recv(fd, buffer.data(), most, 0);
        if (got <= 0) return false;
        piece = std::string_view(buffer).substr(0, static_cast<std::size_t>(got));
      }
      while (!piece.empty()) {
        const std::string_view expected = StreamPiece(taken, piece.size());
        right = right && piece.starts_with(expected);
        taken += expected.size();
        piece.remove_prefix(expected.size());
      }
      rest.clear();
    }
    return true;
  }
};

std::uint64_t LengthIn(std::string_view head) {
  constexpr std::string_view kField = "Content-Length: ";
  const std::size_t at = head.find(kField);
  std::uint64_t length = 0;
  if (at == std::string_view::npos) return length;
  std::from_chars(head.data() + at + kField.size(), head.data() + head.size(), length);
  return length;
}

struct Served {
  std::uint64_t bytes;
  std::string gzipped;  // empty: the text as it is
};

bool SendBody(int fd, const Served& served) {
  const bool coded = !served.gzipped.empty();
  const std::uint64_t length = coded ? served.gzipped.size() : served.bytes;
  if (!SendAll(fd, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) +
                       (coded ? "\r\nContent-Encoding: gzip\r\n\r\n" : "\r\n\r\n"))) {
    return false;
  }
  if (coded) return SendAll(fd, served.gzipped);
  for (std::uint64_t sent = 0; sent < served.bytes;) {
    const std::string_view piece = StreamPiece(sent, served.bytes - sent);
    if (!SendAll(fd, piece)) return false;
    sent += piece.size();
  }
  return true;
}

void Serve(int fd, const Served& served) {
  Peer peer{fd};
  for (std::string head; !(head = peer.Head()).empty();) {
    if (head.starts_with("GET ")) {
      if (!SendBody(fd, served)) return;
      continue;
    }
    bool right = false;
    if (!peer.TakeBody(LengthIn(head), right)) return;
    const std::string status = right ? "200 OK" : "400 Bad Request";
    if (!SendAll(fd, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")) return;
  }
}

}  // namespace

const std::string& StreamBlock() {
  static const std::string block = MakeBlock();
  return block;
}

std::string_view StreamPiece(std::uint64_t offset, std::uint64_t bytes) {
  return std::string_view(StreamBlock()).substr(offset % kBlock, bytes);
}

StreamServer::StreamServer(std::uint64_t body_bytes, Coding coding) {
  const Served served{body_bytes, coding == Coding::kGzip ? Gzipped(body_bytes) : ""};
  StreamBlock();  // so that both processes have the same
  process_.emplace([&] {
    for (int fd; (fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      Serve(fd, served);
      ::close(fd);
    }
  });
}

}  // namespace assay::bench
