#include "tools/regression/history/sqlite.h"

namespace assay::regression {

Database::Database(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open(path.c_str(), &handle);
  handle_.reset(handle);  // also on failure there is a handle, with the message
  Note(code);
}

void Database::Run(const char* sql) {
  if (ok()) Note(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

void Database::Note(int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE || !ok()) return;
  error_ = handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory";
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  if (!database.ok()) return;
  sqlite3_stmt* handle = nullptr;
  database.Note(sqlite3_prepare_v2(database.handle_.get(), sql, -1, &handle, nullptr));
  handle_.reset(handle);
}

Statement& Statement::Bind(int place, const std::string& text) {
  if (database_.ok()) {
    // SQLITE_TRANSIENT is a C cast; null as destructor means that the text stays alive,
    // which it does not, so it is copied by SQLite's own allocator.
    char* copy = sqlite3_mprintf("%s", text.c_str());
    database_.Note(sqlite3_bind_text(handle_.get(), place, copy, -1, sqlite3_free));
  }
  return *this;
}

Statement& Statement::Bind(int place, std::int64_t number) {
  if (database_.ok()) database_.Note(sqlite3_bind_int64(handle_.get(), place, number));
  return *this;
}

Statement& Statement::Bind(int place, double number) {
  if (database_.ok()) database_.Note(sqlite3_bind_double(handle_.get(), place, number));
  return *this;
}

bool Statement::Next() {
  if (!database_.ok()) return false;
  const int code = sqlite3_step(handle_.get());
  database_.Note(code);
  return code == SQLITE_ROW;
}

void Statement::Write() {
  while (Next()) {
  }
  if (handle_) sqlite3_reset(handle_.get());
}

std::string Statement::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(handle_.get(), column);
  if (text == nullptr) return {};
  return {text, text + sqlite3_column_bytes(handle_.get(), column)};
}

}  // namespace assay::regression
