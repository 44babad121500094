#include "tools/regression/read/entry_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tools/regression/read/entry_meaning.h"
#include "tools/regression/read/json_string.h"

namespace assay::regression {
namespace {

constexpr const char* kOddNumber = "kept a NaN or an infinity";

int ToInt(std::int64_t value) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(value, 0, kMost));
}

}  // namespace

bool EntryReader::Read(Entry& entry) {
  values_.Clear();
  odd_counters_.clear();
  scanner_.Peek();
  begin_ = scanner_.offset();
  return ReadObject(scanner_, [&](const RawString& key) { return ReadMember(key, entry); }) &&
         Build(entry);
}

bool EntryReader::ReadMember(const RawString& key, Entry& entry) {
  // A report as a value: the one before was cut off behind a colon.
  if (scanner_.AtReport()) return scanner_.FailExpecting("a value, not another report");
  Value value;
  if (!scanner_.ReadValue(value)) return false;
  const std::string decoded = key.escaped ? key.Decode() : std::string();
  const std::string_view name = key.escaped ? std::string_view(decoded) : key.raw;
  const std::optional<EntryKey> found = keys_.Find(name);
  if (found && InfoOf(*found).kind == value.kind) {
    KeepSchemaValue(*found, value);
  } else if (value.kind == Value::Kind::kNumber) {
    if (found) notes_.Add(value.offset, "a number under the key " + Quoted(name) + " is a counter");
    KeepCounter(std::string(name), value, entry);
  } else if (found) {
    notes_.Add(value.offset, "left out what is no value for the key " + Quoted(name));
  }
  return true;
}

void EntryReader::KeepSchemaValue(EntryKey key, Value& value) {
  const EntryKeyInfo& info = InfoOf(key);
  if (values_.Has(key)) {
    notes_.Add(value.offset, "left out a second " + Quoted(info.name) + "; the first one counts");
    return;
  }
  if (info.integer && !value.number.whole) {
    if (const std::optional<std::int64_t> grouped = DotGrouped(value.text.raw)) {
      value.number.integer = *grouped;
      value.number.localised = true;
    }
  }
  if (value.kind == Value::Kind::kNumber) NoteNumber(value);
  values_.Set(key, value);
}

void EntryReader::KeepCounter(std::string name, const Value& value, Entry& entry) {
  if (std::isfinite(value.number.value)) {
    NoteNumber(value);
  } else {
    odd_counters_.push_back(value.offset);
  }
  entry.counters.emplace_back(std::move(name), value.number.value);
}

void EntryReader::NoteNumber(const Value& value) {
  if (value.number.localised) notes_.Add(value.offset, "read a number in a locale's notation");
  if (!std::isfinite(value.number.value)) notes_.Add(value.offset, kOddNumber);
}

bool EntryReader::Build(Entry& entry) {
  BuildKind(entry);
  if (!BuildNames(entry)) return false;
  BuildStatus(entry);
  if (!BuildTimes(entry)) return false;
  BuildNumbers(entry);
  // The cv of a counter that is always zero is NaN in every report that has one.
  const bool expected = entry.aggregate_name == "cv";
  for (const std::size_t offset : odd_counters_) {
    if (!expected) notes_.Add(offset, kOddNumber);
  }
  if (const std::size_t left_out = SortCounters(entry.counters); left_out > 0) {
    notes_.Add(begin_, "left out a second counter of the same name; the first one counts");
  }
  return true;
}

void EntryReader::BuildKind(Entry& entry) {
  const bool timed = values_.Has(EntryKey::kRealTime) || values_.Has(EntryKey::kCpuTime);
  const std::string type = values_.Text(EntryKey::kRunType);
  entry.aggregate_name = values_.Text(EntryKey::kAggregateName);
  name_ = values_.Text(EntryKey::kName);
  if (!timed &&
      (values_.Has(EntryKey::kRealCoefficient) || values_.Has(EntryKey::kCpuCoefficient))) {
    entry.kind = Entry::Kind::kBigO;
    if (entry.aggregate_name.empty()) entry.aggregate_name = "BigO";
  } else if (!timed && values_.Has(EntryKey::kRms)) {
    entry.kind = Entry::Kind::kRms;
    if (entry.aggregate_name.empty()) entry.aggregate_name = "RMS";
  } else if (type == "aggregate") {
    entry.kind = Entry::Kind::kAggregate;
    if (entry.aggregate_name.empty()) entry.aggregate_name = AggregateOf(name_);
  } else if (type != "iteration") {
    TellKindByName(name_, entry);
  }
}

// Without run_type, as before 1.5.0, only the name's end tells.
void EntryReader::TellKindByName(std::string_view name, Entry& entry) {
  if (entry.aggregate_name.empty()) entry.aggregate_name = AggregateOf(name);
  if (entry.aggregate_name.empty()) return;
  entry.kind = Entry::Kind::kAggregate;
  notes_.Add(begin_, "no run_type: an aggregate by the end of its name");
}

bool EntryReader::BuildNames(Entry& entry) {
  entry.run_name = values_.Text(EntryKey::kRunName);
  if (entry.run_name.empty()) {
    entry.run_name = name_;
    const std::string suffix = "_" + entry.aggregate_name;
    if (suffix.size() > 1 && name_.ends_with(suffix)) {
      entry.run_name.resize(name_.size() - suffix.size());
    }
  }
  if (entry.run_name.empty()) return Refuse("an entry needs a \"name\" or a \"run_name\"");
  entry.label = values_.Text(EntryKey::kLabel);
  entry.big_o = values_.Text(EntryKey::kBigO);
  return true;
}

void EntryReader::BuildStatus(Entry& entry) {
  const bool errored = values_.True(EntryKey::kErrorOccurred);
  const bool skipped = !errored && values_.True(EntryKey::kSkipped);
  if (errored) entry.status = Entry::Status::kErrored;
  if (skipped) entry.status = Entry::Status::kSkipped;
  if (errored) entry.message = values_.Text(EntryKey::kErrorMessage);
  if (skipped) entry.message = values_.Text(EntryKey::kSkipMessage);
}

void EntryReader::BuildNumbers(Entry& entry) {
  const auto integer = [this](EntryKey key, std::int64_t otherwise) {
    const Value* const value = values_.Find(key);
    return value != nullptr ? value->number.integer : otherwise;
  };
  entry.iterations = integer(EntryKey::kIterations, 0);
  entry.threads = std::max(1, ToInt(integer(EntryKey::kThreads, ThreadsOf(entry.run_name))));
  if (entry.kind != Entry::Kind::kIteration) return;
  // Without an index the repetitions stand in the order in which they ran.
  entry.repetition_index = values_.Has(EntryKey::kRepetitionIndex)
                               ? ToInt(integer(EntryKey::kRepetitionIndex, 0))
                               : unnumbered_[entry.run_name]++;
}

bool EntryReader::BuildTimes(Entry& entry) {
  const std::string unit =
      values_.Has(EntryKey::kTimeUnit) ? values_.Text(EntryKey::kTimeUnit) : "ns";
  const std::optional<double> nanoseconds = NanosecondsIn(unit);
  if (!nanoseconds) {
    return scanner_.Fail(Fault::Kind::kMeaning, values_.Find(EntryKey::kTimeUnit)->offset,
                         "time_unit is " + Quoted(unit) + ", accepted are ns, us, ms and s");
  }
  if (entry.kind == Entry::Kind::kRms) {
    entry.real_time_ns = values_.Find(EntryKey::kRms)->number.value;
    return true;
  }
  if (entry.kind == Entry::Kind::kBigO) {
    entry.real_time_ns = Time(EntryKey::kRealCoefficient, *nanoseconds, entry);
    entry.cpu_time_ns = Time(EntryKey::kCpuCoefficient, *nanoseconds, entry);
    return true;
  }
  const std::string aggregate_unit = values_.Text(EntryKey::kAggregateUnit);
  // Before 1.6.0 there is no aggregate_unit; the cv is a ratio all the same.
  const bool ratio =
      entry.kind == Entry::Kind::kAggregate &&
      (aggregate_unit == "percentage" || (aggregate_unit.empty() && entry.aggregate_name == "cv"));
  // Beside times these can only be the user's counters.
  for (const EntryKey key :
       {EntryKey::kCpuCoefficient, EntryKey::kRealCoefficient, EntryKey::kRms}) {
    MoveToCounters(key, entry);
  }
  const bool timed = values_.Has(EntryKey::kRealTime) || values_.Has(EntryKey::kCpuTime);
  if (!timed && entry.counters.empty() && entry.status == Entry::Status::kOk) {
    return Refuse("the entry " + Quoted(entry.run_name) + " has neither a time nor a counter");
  }
  entry.real_time_ns = Time(EntryKey::kRealTime, ratio ? 1 : *nanoseconds, entry);
  entry.cpu_time_ns = Time(EntryKey::kCpuTime, ratio ? 1 : *nanoseconds, entry);
  return true;
}

void EntryReader::MoveToCounters(EntryKey key, Entry& entry) {
  const Value* const value = values_.Find(key);
  if (value != nullptr) entry.counters.emplace_back(InfoOf(key).name, value->number.value);
}

double EntryReader::Time(EntryKey key, double scale, const Entry& entry) {
  if (const Value* const value = values_.Find(key)) return value->number.value * scale;
  if (entry.status != Entry::Status::kOk) return 0;
  notes_.Add(begin_, "no " + std::string(InfoOf(key).name) + ", read as not a number");
  return std::numeric_limits<double>::quiet_NaN();
}

bool EntryReader::Refuse(std::string what) {
  return scanner_.Fail(Fault::Kind::kMeaning, begin_, std::move(what));
}

}  // namespace assay::regression
