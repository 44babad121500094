#include "tools/regression/history/index.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "assay/core/hash.h"
#include "tools/regression/history/store.h"

namespace assay::regression {
namespace {

// Part of the fingerprint: an index that another version made is stale.
constexpr std::string_view kLayout = "assay history index 1";

constexpr const char* kTables =
    "CREATE TABLE source(fingerprint TEXT);"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, \"commit\" TEXT, sequence INTEGER, host TEXT,"
    " date TEXT, report TEXT);"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, name TEXT, metric TEXT, unit TEXT, host TEXT,"
    " higher_is_better INTEGER);"
    "CREATE TABLE point(series INTEGER, position INTEGER, run INTEGER, problem TEXT, median REAL,"
    " low REAL, high REAL, n INTEGER, PRIMARY KEY(series, position)) WITHOUT ROWID;"
    "CREATE TABLE change(series INTEGER, position INTEGER, effect REAL, p REAL,"
    " last_good INTEGER, first_bad INTEGER, PRIMARY KEY(series, position)) WITHOUT ROWID;";

std::string Fingerprint(std::string_view bytes) {
  return std::to_string(bytes.size()) + ":" + std::to_string(HashBytes(bytes, HashBytes(kLayout)));
}

void WriteChanges(Database& database, const std::map<std::int64_t, std::vector<SeriesPoint>>& all) {
  Statement insert(database, "INSERT INTO change VALUES(?, ?, ?, ?, ?, ?)");
  for (const auto& [series, points] : all) {
    for (const ChangePoint& change : ChangesOf(points)) {
      insert.Bind(1, series).Bind(2, static_cast<std::int64_t>(change.index));
      insert.Bind(3, change.effect).Bind(4, change.p);
      insert.Bind(5, static_cast<std::int64_t>(change.last_good));
      insert.Bind(6, static_cast<std::int64_t>(change.first_bad)).Write();
    }
  }
}

// Writes runs, series and points; keeps the points of each series for its changes.
class Filler {
 public:
  explicit Filler(Database& database)
      : database_(database),
        run_(database, "INSERT INTO run VALUES(NULL, ?, ?, ?, ?, ?)"),
        series_(database, "INSERT INTO series VALUES(NULL, ?, ?, ?, ?, ?)"),
        point_(database, "INSERT INTO point VALUES(?, ?, ?, ?, ?, ?, ?, ?)") {}

  void Add(const Record& record) {
    const std::string host = record.host.Text();
    run_.Bind(1, record.commit).Bind(2, record.sequence).Bind(3, host);
    run_.Bind(4, record.date).Bind(5, record.report).Write();
    const std::int64_t run = database_.last_row();
    for (const Point& point : record.points) AddPoint(record, host, run, point);
  }

  const std::map<std::int64_t, std::vector<SeriesPoint>>& points() const { return points_; }

 private:
  void AddPoint(const Record& record, const std::string& host, std::int64_t run,
                const Point& point) {
    const std::int64_t series = IdOf(point, host);
    auto& points = points_[series];
    const auto n = static_cast<std::int64_t>(point.values.size());
    point_.Bind(1, series).Bind(2, static_cast<std::int64_t>(points.size())).Bind(3, run);
    point_.Bind(4, point.problem).Bind(5, point.median).Bind(6, point.low).Bind(7, point.high);
    point_.Bind(8, n).Write();
    points.push_back({record.commit, record.sequence, record.date, point.problem, point.median,
                      point.low, point.high, n});
  }

  std::int64_t IdOf(const Point& point, const std::string& host) {
    const auto key = std::tuple(point.name, point.metric, point.unit, host);
    const auto known = ids_.find(key);
    if (known != ids_.end()) return known->second;
    series_.Bind(1, point.name).Bind(2, point.metric).Bind(3, point.unit).Bind(4, host);
    series_.Bind(5, std::int64_t{point.higher_is_better}).Write();
    return ids_.emplace(key, database_.last_row()).first->second;
  }

  Database& database_;
  Statement run_;
  Statement series_;
  Statement point_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::int64_t> ids_;
  std::map<std::int64_t, std::vector<SeriesPoint>> points_;
};

std::unique_ptr<Database> Build(const std::string& path, const std::vector<Record>& records,
                                const std::string& fingerprint) {
  auto database = std::make_unique<Database>(path);
  // A crash leaves a file that nobody looks at: no journal is needed.
  database->Run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN");
  database->Run(kTables);
  Filler filler(*database);
  for (const Record& record : records) filler.Add(record);
  WriteChanges(*database, filler.points());
  Statement(*database, "INSERT INTO source VALUES(?)").Bind(1, fingerprint).Write();
  database->Run("COMMIT");
  return database;
}

bool IsFresh(Database& database, const std::string& fingerprint) {
  Statement source(database, "SELECT fingerprint FROM source");
  return source.Next() && source.Text(0) == fingerprint;
}

// What `make` makes of each row that is left.
template <class F>
auto RowsOf(Statement& query, F make) {
  std::vector<decltype(make(query))> rows;
  while (query.Next()) rows.push_back(make(query));
  return rows;
}

std::vector<SeriesPoint> PointsOf(Database& database, std::int64_t series) {
  Statement query(database,
                  "SELECT \"commit\", sequence, date, problem, median, low, high, n FROM point"
                  " JOIN run ON run.id = point.run WHERE series = ? ORDER BY position");
  query.Bind(1, series);
  return RowsOf(query, [](const Statement& row) {
    return SeriesPoint{row.Text(0), row.Integer(1), row.Text(2), row.Text(3),
                       row.Real(4), row.Real(5),    row.Real(6), row.Integer(7)};
  });
}

std::vector<ChangePoint> StoredChanges(Database& database, std::int64_t series) {
  Statement query(database,
                  "SELECT position, effect, p, last_good, first_bad FROM change WHERE series = ?"
                  " ORDER BY position");
  query.Bind(1, series);
  return RowsOf(query, [](const Statement& row) {
    const auto index = [&row](int column) { return static_cast<std::size_t>(row.Integer(column)); };
    return ChangePoint{index(0), row.Real(1), row.Real(2), index(3), index(4)};
  });
}

}  // namespace

std::vector<ChangePoint> ChangesOf(const std::vector<SeriesPoint>& points) {
  std::vector<std::size_t> where;
  std::vector<double> logs;
  std::vector<double> widths;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SeriesPoint& point = points[i];
    if (!point.problem.empty() || !(point.median > 0)) continue;
    where.push_back(i);
    logs.push_back(std::log(point.median));
    widths.push_back((point.high - point.low) / point.median);
  }
  if (where.empty()) return {};
  auto sorted = widths;
  std::sort(sorted.begin(), sorted.end());
  const double usual = sorted[sorted.size() / 2];
  std::vector<double> weights;
  for (const double width : widths) {
    const double excess = usual > 0 ? width / (2 * usual) : 0;
    weights.push_back(excess > 1 ? std::max(0.1, 1 / (excess * excess)) : 1);
  }
  auto changes = FindChanges(logs, weights).points;
  for (ChangePoint& change : changes) {
    change.index = where[change.index];
    change.last_good = where[change.last_good];
    change.first_bad = where[change.first_bad];
  }
  return changes;
}

Result<Index> Index::Open(const std::string& history_path) {
  const auto bytes = ReadBytes(history_path);
  if (!bytes) return bytes.error();
  const std::string fingerprint = Fingerprint(*bytes);
  const std::string path = history_path + ".index";
  if (access(path.c_str(), R_OK) == 0) {
    auto database = std::make_unique<Database>(path);
    if (IsFresh(*database, fingerprint)) return Index(std::move(database), false, true);
  }
  const auto records = ParseHistory(history_path, *bytes);
  if (!records) return records.error();
  const std::string fresh = path + "." + std::to_string(getpid()) + ".tmp";
  bool on_disk = Build(fresh, *records, fingerprint)->ok();
  on_disk = on_disk && std::rename(fresh.c_str(), path.c_str()) == 0;
  if (!on_disk) unlink(fresh.c_str());
  auto database =
      on_disk ? std::make_unique<Database>(path) : Build(":memory:", *records, fingerprint);
  if (!database->ok()) return Error{ErrorCode::kIo, path + ": " + database->error()};
  return Index(std::move(database), true, on_disk);
}

Result<std::vector<Series>> Index::Find(const std::string& part) const {
  Statement query(*database_,
                  "SELECT id, name, metric, unit, host, higher_is_better FROM series"
                  " WHERE instr(name, ?) > 0 ORDER BY name, metric, host");
  query.Bind(1, part);
  std::vector<Series> found;
  while (query.Next()) {
    Series series;
    series.id = query.Integer(0);
    series.name = query.Text(1);
    series.metric = query.Text(2);
    series.unit = query.Text(3);
    series.host = query.Text(4);
    series.higher_is_better = query.Integer(5) != 0;
    series.points = PointsOf(*database_, series.id);
    series.changes = StoredChanges(*database_, series.id);
    found.push_back(std::move(series));
  }
  if (!database_->ok()) return Error{ErrorCode::kIo, "history index: " + database_->error()};
  return found;
}

}  // namespace assay::regression
