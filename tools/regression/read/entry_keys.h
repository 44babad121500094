// The keys of an entry that Google Benchmark's schema gives a meaning to.
#ifndef ASSAY_TOOLS_REGRESSION_READ_ENTRY_KEYS_H_
#define ASSAY_TOOLS_REGRESSION_READ_ENTRY_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tools/regression/read/scanner.h"

namespace assay::regression {

// In the order in which every version writes them.
enum class EntryKey : std::uint8_t {
  kName,
  kFamilyIndex,
  kPerFamilyInstanceIndex,
  kRunName,
  kRunType,
  kRepetitions,
  kRepetitionIndex,
  kThreads,
  kAggregateName,
  kAggregateUnit,
  kErrorOccurred,
  kErrorMessage,
  kSkipped,
  kSkipMessage,
  kIterations,
  kRealTime,
  kCpuTime,
  kCpuCoefficient,
  kRealCoefficient,
  kBigO,
  kTimeUnit,
  kRms,
  kLabel,
};

inline constexpr std::size_t kEntryKeys = static_cast<std::size_t>(EntryKey::kLabel) + 1;

struct EntryKeyInfo {
  std::string_view name;
  Value::Kind kind;
  bool integer = false;
};

inline constexpr std::array<EntryKeyInfo, kEntryKeys> kEntryKeyInfo = {{
    {"name", Value::Kind::kString},
    {"family_index", Value::Kind::kNumber, true},
    {"per_family_instance_index", Value::Kind::kNumber, true},
    {"run_name", Value::Kind::kString},
    {"run_type", Value::Kind::kString},
    {"repetitions", Value::Kind::kNumber, true},
    {"repetition_index", Value::Kind::kNumber, true},
    {"threads", Value::Kind::kNumber, true},
    {"aggregate_name", Value::Kind::kString},
    {"aggregate_unit", Value::Kind::kString},
    {"error_occurred", Value::Kind::kBool},
    {"error_message", Value::Kind::kString},
    {"skipped", Value::Kind::kBool},
    {"skip_message", Value::Kind::kString},
    {"iterations", Value::Kind::kNumber, true},
    {"real_time", Value::Kind::kNumber},
    {"cpu_time", Value::Kind::kNumber},
    {"cpu_coefficient", Value::Kind::kNumber},
    {"real_coefficient", Value::Kind::kNumber},
    {"big_o", Value::Kind::kString},
    {"time_unit", Value::Kind::kString},
    {"rms", Value::Kind::kNumber},
    {"label", Value::Kind::kString},
}};

constexpr const EntryKeyInfo& InfoOf(EntryKey key) {
  return kEntryKeyInfo[static_cast<std::size_t>(key)];
}

// Finds keys fast by expecting each after the one found before. One thread.
class EntryKeyFinder {
 public:
  std::optional<EntryKey> Find(std::string_view name) {
    for (std::size_t step = 0; step < kEntryKeys; ++step) {
      const std::size_t index =
          next_ + step < kEntryKeys ? next_ + step : next_ + step - kEntryKeys;
      if (kEntryKeyInfo[index].name != name) continue;
      next_ = index + 1 < kEntryKeys ? index + 1 : 0;
      return static_cast<EntryKey>(index);
    }
    return std::nullopt;
  }

 private:
  std::size_t next_ = 0;
};

// The values of one entry's schema keys, as far as it has them.
class EntryValues {
 public:
  void Clear() { present_ = 0; }
  bool Has(EntryKey key) const { return (present_ & Bit(key)) != 0; }
  const Value* Find(EntryKey key) const { return Has(key) ? &values_[Index(key)] : nullptr; }
  void Set(EntryKey key, const Value& value) {
    values_[Index(key)] = value;
    present_ |= Bit(key);
  }
  // A string value decoded, empty when there is none.
  std::string Text(EntryKey key) const { return Has(key) ? values_[Index(key)].text.Decode() : ""; }
  bool True(EntryKey key) const { return Has(key) && values_[Index(key)].truth; }

 private:
  static constexpr std::size_t Index(EntryKey key) { return static_cast<std::size_t>(key); }
  static constexpr std::uint32_t Bit(EntryKey key) { return std::uint32_t{1} << Index(key); }

  std::uint32_t present_ = 0;
  std::array<Value, kEntryKeys> values_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_ENTRY_KEYS_H_
