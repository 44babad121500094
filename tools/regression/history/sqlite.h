// SQLite with ends that close and one place to ask whether it went well.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_SQLITE_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_SQLITE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace assay::regression {

// A connection. The first failure of it or of its statements is kept and makes every
// later call do nothing, so that a caller may ask ok() once at the end.
class Database {
 public:
  explicit Database(const std::string& path);  // creates the file; ":memory:" for none

  bool ok() const noexcept { return error_.empty(); }
  const std::string& error() const noexcept { return error_; }
  void Run(const char* sql);
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  void Note(int code);

  std::unique_ptr<sqlite3, Close> handle_;
  std::string error_;
};

// A prepared statement: bind from 1, step, columns from 0.
class Statement {
 public:
  Statement(Database& database, const char* sql);

  Statement& Bind(int place, const std::string& text);
  Statement& Bind(int place, std::int64_t number);
  Statement& Bind(int place, double number);
  bool Next();   // true: there is a row
  void Write();  // steps to the end and makes ready for the next values

  std::string Text(int column) const;
  std::int64_t Integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double Real(int column) const { return sqlite3_column_double(handle_.get(), column); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_SQLITE_H_
