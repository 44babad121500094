// Finds the parts of a response's head, its status line and then all of its fields, in bytes
// that arrive in any pieces; looks at each byte once, and not at what the fields say.
//
// A parser that is given whole parts says the same of a head however it was cut. What is
// no head of HTTP/1 is noticed at once and not when the head is complete, which it may never be.
//
// One scanner for each message. Not thread-safe; allocates nothing.
#ifndef ASSAY_TRANSPORT_HEAD_SCANNER_H_
#define ASSAY_TRANSPORT_HEAD_SCANNER_H_

#include <cstddef>
#include <string_view>

namespace assay {

class HeadScanner {
 public:
  enum class Found {
    kMore,          // the part is not all there
    kPart,          // size() bytes are the status line, or the fields with the empty line
    kNotHttp,       // it doesn't begin with "HTTP/1."
    kBareLineFeed,  // a line that doesn't end in CR LF (RFC 9112 section 2.2)
    kTooLarge,      // the head has more than `limit` bytes
  };

  // `limit`: the most bytes of a head, both parts together.
  explicit HeadScanner(std::size_t limit) noexcept : left_(limit) {}

  // `received`: all that has come of the part so far. After kPart the next call is for the
  // part behind it.
  Found Scan(std::string_view received) noexcept;

  std::size_t size() const noexcept { return size_; }

 private:
  Found EndPart(std::size_t size) noexcept;

  std::size_t left_;            // of the limit, before this part
  std::size_t size_ = 0;        // of the last whole part
  std::size_t scanned_ = 0;     // bytes of this part
  std::size_t line_begin_ = 0;  // in this part
  bool status_line_ = true;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_HEAD_SCANNER_H_
