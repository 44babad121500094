#include "tools/regression/history/history.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "tools/regression/compare/metric.h"
#include "tools/regression/history/index.h"
#include "tools/regression/history/plot.h"
#include "tools/regression/history/record.h"
#include "tools/regression/history/store.h"

namespace assay::regression {
namespace {

constexpr int kNoAnswer = 2;
constexpr int kUnreadable = 3;

CommandResult Failure(const Error& error) {
  return {error.message + "\n", error.code == ErrorCode::kInvalidRequest ? kNoAnswer : kUnreadable};
}

template <class... Values>
std::string Print(const char* format, Values... values) {
  const int size = std::snprintf(nullptr, 0, format, values...);
  std::string text(static_cast<std::size_t>(std::max(size, 0)) + 1, '\0');
  std::snprintf(text.data(), text.size(), format, values...);
  text.pop_back();
  return text;
}

std::string Cut(const std::string& text, std::size_t columns) {
  return text.size() <= columns ? text : text.substr(0, columns - 2) + "..";
}

// Commits as git abbreviates them; other names are kept.
std::string Short(const std::string& commit) {
  const bool hash =
      commit.size() == 40 && commit.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hash ? commit.substr(0, 12) : Cut(commit, 20);
}

std::string Quoted(const std::string& text) {  // for a POSIX shell
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string Verdict(const Series& series, const ChangePoint& change) {
  return Print("%+.1f %% %s", 100 * change.effect, series.IsWorse(change) ? "worse" : "better");
}

const SeriesPoint* Newest(const Series& series) {
  for (auto point = series.points.rbegin(); point != series.points.rend(); ++point) {
    if (point->problem.empty()) return &*point;
  }
  return nullptr;
}

std::string ListLine(const Series& series, const ShowRequest& request) {
  const SeriesPoint* newest = Newest(series);
  std::string change = "-";
  if (!series.changes.empty()) {
    const ChangePoint& last = series.changes.back();
    change = Verdict(series, last) + " at " + Short(series.points[last.index].commit);
  }
  const std::size_t room = std::max<std::size_t>(request.width, 80) - 68;
  return Print("%-*s %-12s %6zu %10s  %s\n", static_cast<int>(room), Cut(series.name, room).c_str(),
               Cut(series.metric, 12).c_str(), series.points.size(),
               newest ? ValueText(newest->median, series.unit, true).c_str() : "-", change.c_str());
}

// Halfway between the levels on a logarithmic scale, where noise is the same on both.
double ThresholdOf(const Series& series, std::size_t which) {
  const auto& changes = series.changes;
  const std::size_t begin = which == 0 ? 0 : changes[which - 1].index;
  const std::size_t end =
      which + 1 < changes.size() ? changes[which + 1].index : series.points.size();
  const auto level = [&](std::size_t from, std::size_t to) {
    std::vector<double> logs;
    for (std::size_t i = from; i < to; ++i) {
      const SeriesPoint& point = series.points[i];
      if (point.problem.empty() && point.median > 0) logs.push_back(std::log(point.median));
    }
    return MakePoint(std::move(logs)).median;
  };
  const std::size_t at = changes[which].index;
  return std::exp((level(begin, at) + level(at, end)) / 2);
}

std::string ChangeText(const Series& series, std::size_t which) {
  const ChangePoint& change = series.changes[which];
  const std::string& good = series.points[change.last_good].commit;
  const std::string& bad = series.points[change.first_bad].commit;
  std::string text =
      Print("  %zu  %s  at %s, p = %.1g\n", which + 1, Verdict(series, change).c_str(),
            Short(series.points[change.index].commit).c_str(), change.p);
  text += Print("     after %s and no later than %s (95 %%)\n", Short(good).c_str(),
                Short(bad).c_str());
  if (good == bad) return text;  // two runs of one commit: nothing that git could find
  text += "     git bisect start " + bad + " " + good + "\n";
  text += "     git bisect run sh -c 'BUILD || exit 125; BENCHMARK --benchmark_out=FILE;\n";
  text += "       exec \"$@\"' - assay history bisect --name " + Quoted(series.name) + "\n";
  text += "       --metric " + series.metric +
          Print(" --threshold %.6g FILE\n", ThresholdOf(series, which));
  return text;
}

std::string PointTable(const Series& series, const ShowRequest& request) {
  std::string text =
      Print("%-20s %12s %12s %12s %4s  %s\n", "commit", "median", "low", "high", "n", "date");
  const std::size_t n = series.points.size();
  const std::size_t first = request.rows == 0 || n < request.rows ? 0 : n - request.rows;
  for (std::size_t i = first; i < n; ++i) {
    const SeriesPoint& point = series.points[i];
    const std::string commit = Short(point.commit);
    if (!point.problem.empty()) {
      text += Print("%-20s %s\n", commit.c_str(), Cut(point.problem, 78).c_str());
      continue;
    }
    const auto value = [&](double v) { return ValueText(v, series.unit, true); };
    text += Print("%-20s %12s %12s %12s %4lld  %s\n", commit.c_str(), value(point.median).c_str(),
                  value(point.low).c_str(), value(point.high).c_str(),
                  static_cast<long long>(point.n), Cut(point.date, 25).c_str());
  }
  if (first > 0) text += Print("(%zu older points)\n", first);
  return text;
}

std::string SeriesText(const Series& series, const ShowRequest& request) {
  std::string text = series.name + "  " + series.metric + "\n" + series.host + "\n\n";
  std::vector<double> values;
  for (const SeriesPoint& point : series.points) {
    values.push_back(point.problem.empty() ? point.median
                                           : std::numeric_limits<double>::quiet_NaN());
  }
  std::vector<PlotMark> marks;
  for (std::size_t i = 0; i < series.changes.size(); ++i) {
    marks.push_back({series.changes[i].index, std::to_string((i + 1) % 10)});
  }
  PlotOptions plot;
  plot.width = request.width;
  plot.ascii = request.ascii;
  plot.unit = series.unit;
  text += PlotSeries(values, marks, plot);
  text += series.changes.empty() ? "\nNo change points.\n" : "\nChange points\n";
  for (std::size_t i = 0; i < series.changes.size(); ++i) text += ChangeText(series, i);
  return text + "\n" + PointTable(series, request);
}

CommandResult Skip(const std::string& why) { return {"skip: " + why + "\n", kBisectSkip}; }

// The point of `request`'s series in a measurement, nullptr when it is not there.
const Point* PointOf(const Record& record, const BisectRequest& request) {
  const std::string metric(request.metric.empty() ? ClockOf(request.name) : request.metric);
  for (const Point& point : record.points) {
    if (point.name == request.name && point.metric == metric) return &point;
  }
  return nullptr;
}

}  // namespace

CommandResult AddToHistory(const AddRequest& request, const std::vector<Document>& documents) {
  const auto record = MakeRecord(documents, request.commit, request.sequence);
  if (!record) return Failure(record.error());
  const auto added = Append(request.history, *record);
  if (!added) return Failure(added.error());
  return {Print("%s: %zu series of %s added\n", request.history.c_str(), record->points.size(),
                Short(request.commit).c_str())};
}

CommandResult ListSeries(const ShowRequest& request) {
  const auto index = Index::Open(request.history);
  if (!index) return Failure(index.error());
  const auto found = index->Find(request.name);
  if (!found) return Failure(found.error());
  if (found->empty()) {
    return {request.history + ": no benchmark with \"" + request.name + "\" in its name\n",
            kNoAnswer};
  }
  CommandResult result;
  for (const Series& series : *found) {
    if (request.metric.empty() || series.metric == request.metric) {
      result.text += ListLine(series, request);
    }
  }
  return result;
}

CommandResult ShowSeries(const ShowRequest& request) {
  const auto index = Index::Open(request.history);
  if (!index) return Failure(index.error());
  const auto found = index->Find(request.name);
  if (!found) return Failure(found.error());
  const std::string metric(request.metric.empty() ? ClockOf(request.name) : request.metric);
  CommandResult result;
  std::string others;
  for (const Series& series : *found) {
    if (series.name == request.name && series.metric == metric) {
      result.text += (result.text.empty() ? "" : "\n") + SeriesText(series, request);
    } else {
      others += "  " + series.name + "  " + series.metric + "\n";
    }
  }
  if (!result.text.empty()) return result;
  return {request.history + ": no " + metric + " of a benchmark \"" + request.name + "\"" +
              (others.empty() ? "\n" : "; there are\n" + others),
          kNoAnswer};
}

CommandResult Bisect(const BisectRequest& request, const std::vector<Document>& documents) {
  const auto record = MakeRecord(documents, "HEAD", 0);
  if (!record) return Skip(record.error().message);
  const Point* head = PointOf(*record, request);
  if (head == nullptr) return Skip("no such benchmark and metric: " + request.name);
  if (!head->problem.empty()) return Skip(head->problem);
  double threshold = request.threshold.value_or(0);
  if (!request.threshold) {
    const auto base = MakeRecord(request.baseline, "BASE", 0);
    if (!base) return Skip("baseline: " + base.error().message);
    const Point* point = PointOf(*base, request);
    if (point == nullptr || !point->problem.empty()) return Skip("the baseline has no value");
    const double factor = 1 + request.tolerance;
    threshold = head->higher_is_better ? point->median / factor : point->median * factor;
  }
  const bool above = head->low > threshold;
  const bool below = head->high <= threshold;
  const std::string measured = Print("%.6g (%.6g to %.6g), threshold %.6g\n", head->median,
                                     head->low, head->high, threshold);
  if (!above && !below) return Skip("undecided, more repetitions may help: " + measured);
  const bool bad = above != head->higher_is_better;
  return {(bad ? "bad: " : "good: ") + measured, bad ? kBisectBad : kBisectGood};
}

}  // namespace assay::regression
