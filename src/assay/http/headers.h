// An ordered list of header fields.
//
// Names compare without regard to case (RFC 9110 section 5.1); order and
// repetitions are kept. All text lies in one buffer, so a list that is cleared
// and filled again for every response stops allocating after the first few.
// Not thread-safe. It stores what it is given: whether a field may go on the
// wire is decided where requests are written (transport/wire_request.h).
#ifndef ASSAY_HTTP_HEADERS_H_
#define ASSAY_HTTP_HEADERS_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// As names of header fields compare: only A to Z have a case.
bool EqualIgnoringCase(std::string_view a, std::string_view b) noexcept;

class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  Headers() = default;
  Headers(std::initializer_list<Field> fields);

  void Add(std::string_view name, std::string_view value);

  // The same for a field as it stands in a message, "Name: value": its name is the
  // first `name_bytes` of `line`, its value begins at `value_at`. Cheaper than Add().
  void AddLine(std::string_view line, std::size_t name_bytes, std::size_t value_at);

  // The first value of `name`. Views are valid until the list changes.
  std::optional<std::string_view> Get(std::string_view name) const noexcept;

  std::size_t size() const noexcept { return spans_.size(); }
  bool empty() const noexcept { return spans_.empty(); }
  Field operator[](std::size_t index) const noexcept;

  // Keeps the memory.
  void Clear() noexcept;

 private:
  struct Span {
    std::uint32_t name_at, name_bytes, value_at, value_bytes;
  };
  std::string text_;
  std::vector<Span> spans_;
};

}  // namespace assay

#endif  // ASSAY_HTTP_HEADERS_H_
