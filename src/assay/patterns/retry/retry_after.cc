#include "assay/patterns/retry/retry_after.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace assay {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLongDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front; once something was not as expected, it stays failed.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return ok_ && text_.empty(); }

  void Expect(std::string_view literal) {
    ok_ = ok_ && text_.starts_with(literal);
    if (ok_) text_.remove_prefix(literal.size());
  }

  int Number(std::size_t digits) {
    ok_ = ok_ && text_.size() >= digits &&
          std::all_of(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(digits), IsDigit);
    if (!ok_) return 0;
    int number = 0;
    for (const char digit : text_.substr(0, digits)) number = number * 10 + (digit - '0');
    text_.remove_prefix(digits);
    return number;
  }

  // The position in `names`, from 1 on.
  template <std::size_t kCount>
  int Name(const std::array<std::string_view, kCount>& names) {
    const auto name = std::find_if(names.begin(), names.end(), [this](std::string_view candidate) {
      return text_.starts_with(candidate);
    });
    ok_ = ok_ && name != names.end();
    if (!ok_) return 0;
    text_.remove_prefix(name->size());
    return static_cast<int>(name - names.begin()) + 1;
  }

  // A day of the month in two columns: " 6".
  int PaddedDay() {
    if (!text_.starts_with(' ')) return Number(2);
    Expect(" ");
    return Number(1);
  }

  seconds TimeOfDay() {
    const int hour = Number(2);
    Expect(":");
    const int minute = Number(2);
    Expect(":");
    const int second = Number(2);
    ok_ = ok_ && hour <= 23 && minute <= 59 && second <= 60;  // 60 is a leap second
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
  seconds time{};
};

std::optional<sys_seconds> ToSeconds(const Reader& read, const Date& date) {
  const std::chrono::year_month_day day{std::chrono::year(date.year),
                                        std::chrono::month(static_cast<unsigned>(date.month)),
                                        std::chrono::day(static_cast<unsigned>(date.day))};
  if (!read.AtEnd() || !day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + date.time;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<sys_seconds> ParseFixdate(std::string_view text) {
  Reader read(text);
  Date date;
  read.Name(kDays);
  read.Expect(", ");
  date.day = read.Number(2);
  read.Expect(" ");
  date.month = read.Name(kMonths);
  read.Expect(" ");
  date.year = read.Number(4);
  read.Expect(" ");
  date.time = read.TimeOfDay();
  read.Expect(" GMT");
  return ToSeconds(read, date);
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<sys_seconds> ParseRfc850(std::string_view text, WallTime now) {
  Reader read(text);
  Date date;
  read.Name(kLongDays);
  read.Expect(", ");
  date.day = read.Number(2);
  read.Expect("-");
  date.month = read.Name(kMonths);
  read.Expect("-");
  const int two_digits = read.Number(2);
  read.Expect(" ");
  date.time = read.TimeOfDay();
  read.Expect(" GMT");
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  date.year = this_year - this_year % 100 + two_digits + 100;
  // More than 50 years ahead means the century before (RFC 9110 section 5.6.7).
  while (date.year > this_year + 50) date.year -= 100;
  return ToSeconds(read, date);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<sys_seconds> ParseAsctime(std::string_view text) {
  Reader read(text);
  Date date;
  read.Name(kDays);
  read.Expect(" ");
  date.month = read.Name(kMonths);
  read.Expect(" ");
  date.day = read.PaddedDay();
  read.Expect(" ");
  date.time = read.TimeOfDay();
  read.Expect(" ");
  date.year = read.Number(4);
  return ToSeconds(read, date);
}

constexpr std::int64_t kMostSeconds = Duration::max().count() / 1'000'000'000;

Duration FromSeconds(std::int64_t count) {
  return count > kMostSeconds ? Duration::max() : Duration(seconds(count));
}

Duration ParseDigits(std::string_view digits) {
  std::int64_t count = 0;
  for (const char digit : digits) {
    count = std::min(count * 10 + (digit - '0'), kMostSeconds + 1);
  }
  return FromSeconds(count);
}

}  // namespace

std::optional<sys_seconds> ParseHttpDate(std::string_view text, WallTime now) noexcept {
  if (const auto date = ParseFixdate(text)) return date;
  if (const auto date = ParseRfc850(text, now)) return date;
  return ParseAsctime(text);
}

std::optional<Duration> ParseRetryAfter(std::string_view value, WallTime now) noexcept {
  if (!value.empty() && std::all_of(value.begin(), value.end(), IsDigit)) {
    return ParseDigits(value);
  }
  const auto date = ParseHttpDate(value, now);
  if (!date) return std::nullopt;
  const sys_seconds whole = std::chrono::floor<seconds>(now);
  if (*date <= whole) return Duration::zero();
  const Duration wait = FromSeconds((*date - whole).count());
  return wait == Duration::max() ? wait : wait - (now - whole);
}

}  // namespace assay
