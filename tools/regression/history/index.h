// The history, arranged for questions: an SQLite file made from the JSON lines.
//
// It holds nothing of its own. Whenever the bytes of the history are not those it was
// made from, it is made anew beside the old one and put in its place; deleting it,
// damaging it or having no room to write it loses nothing but time.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_INDEX_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_INDEX_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/history/change_point.h"
#include "tools/regression/history/sqlite.h"

namespace assay::regression {

struct SeriesPoint {
  std::string commit{};
  std::int64_t sequence = 0;
  std::string date{};
  std::string problem{};  // why there is no value
  double median = 0;
  double low = 0;
  double high = 0;
  std::int64_t n = 0;
};

// One benchmark, metric and unit on one kind of host: what may be compared over time.
struct Series {
  std::int64_t id = 0;
  std::string name{};
  std::string metric{};
  std::string unit{};
  std::string host{};
  bool higher_is_better = false;
  std::vector<SeriesPoint> points{};   // by sequence, those without a value too
  std::vector<ChangePoint> changes{};  // indexes are into `points`

  bool IsWorse(const ChangePoint& change) const { return (change.effect > 0) != higher_is_better; }
};

// Finds the changes of a series from its points: those with a positive median count,
// and one whose interval is more than twice as wide as usual counts less.
std::vector<ChangePoint> ChangesOf(const std::vector<SeriesPoint>& points);

class Index {
 public:
  // Reads HISTORY and, where it is still right, the index beside it: HISTORY.index.
  static Result<Index> Open(const std::string& history_path);

  // Series whose name contains `part`, by name, metric and host, with points and changes.
  Result<std::vector<Series>> Find(const std::string& part) const;

  bool was_rebuilt() const noexcept { return was_rebuilt_; }
  bool is_on_disk() const noexcept { return is_on_disk_; }

 private:
  Index(std::unique_ptr<Database> database, bool was_rebuilt, bool is_on_disk)
      : database_(std::move(database)), was_rebuilt_(was_rebuilt), is_on_disk_(is_on_disk) {}

  std::unique_ptr<Database> database_;
  bool was_rebuilt_;
  bool is_on_disk_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_INDEX_H_
