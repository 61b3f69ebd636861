// SPDX-License-Identifier: Apache-2.0
// sqlite: tables; see sqlite.h.
#include "lib/table/modules/sqlite.h"

#include <chrono>
#include <sqlite3.h>

#include "lib/base/strings.h"
#include "lib/table/modules/sql_query.h"

namespace table {

namespace {

constexpr ModuleSetting rows[] = {
    {"dbpath"},        sql_query_setting, sql_select_setting,
    sql_table_setting, sql_where_setting, sql_more_setting,
};
constexpr int instructions_per_look = 10'000;

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinishStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

class SqliteSource final : public Source {
public:
    SqliteSource(std::unique_ptr<sqlite3, CloseDatabase> database, std::string path,
                 std::string query, Notes& notes)
        : database_(std::move(database)), path_(std::move(path)), query_(std::move(query)),
          notes_(notes)
    {
        sqlite3_busy_timeout(database_.get(), kConnectSeconds * 1000);
        sqlite3_progress_handler(database_.get(), instructions_per_look, &is_over, this);
    }

    base::Result<void> search(Search& search) override
    {
        std::string text;
        if (!search.expand(query_, quote_sqlite, text))
            return {};
        until_ = std::chrono::steady_clock::now() + std::chrono::seconds(kSearchSeconds);
        sqlite3_stmt* made = nullptr;
        const char* rest = nullptr;
        const int failed = sqlite3_prepare_v2(database_.get(), text.c_str(),
                                              static_cast<int>(text.size()), &made, &rest);
        Statement statement(made);
        if (failed != SQLITE_OK)
            return failure(base::cat("SQL prepare failed: ", reason()));
        if (made == nullptr)
            return failure("the query is empty");
        if (std::string_view more = base::trim(rest); !more.empty() && more != ";")
            notes_.warning(base::cat("Ignoring text at end of query: ", more));
        return take_rows(statement.get(), search, text);
    }

    std::vector<std::string> files() const override { return {path_}; }

private:
    base::Result<void> take_rows(sqlite3_stmt* statement, Search& search, const std::string& text)
    {
        while (true) {
            const int step = sqlite3_step(statement);
            if (step == SQLITE_DONE)
                return {};
            if (step != SQLITE_ROW)
                return failure(base::cat("SQL step failed for query '", text, "': ", reason()));
            const void* bytes = sqlite3_column_text(statement, 0);
            if (bytes == nullptr)
                continue; // NULL
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 0));
            if (!search.add({static_cast<const char*>(bytes), size}))
                return {};
        }
    }

    std::string reason() const { return sqlite3_errmsg(database_.get()); }

    static int is_over(void* self)
    {
        return std::chrono::steady_clock::now() > static_cast<SqliteSource*>(self)->until_ ? 1 : 0;
    }

    std::unique_ptr<sqlite3, CloseDatabase> database_;
    std::string path_;
    std::string query_;
    Notes& notes_;
    std::chrono::steady_clock::time_point until_{};
};

} // namespace

bool quote_sqlite(std::string_view part, std::string& out)
{
    if (part.find('\0') != std::string_view::npos)
        return false;
    std::unique_ptr<char, void (*)(void*)> quoted(
        sqlite3_mprintf("%.*q", static_cast<int>(part.size()), std::string(part).c_str()),
        sqlite3_free);
    if (!quoted)
        return false;
    out += quoted.get();
    return true;
}

std::span<const ModuleSetting> SqliteModule::settings() const
{
    return rows;
}

base::Result<std::unique_ptr<Source>> SqliteModule::open(const TableSettings& settings,
                                                         Notes& notes)
{
    auto query = sql_query(settings);
    if (!query)
        return query.error();
    const std::string& path = settings.text("dbpath");
    if (path.empty())
        return misconfigured("dbpath is missing");
    sqlite3* handle = nullptr;
    const int failed = sqlite3_open_v2(path.c_str(), &handle,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<sqlite3, CloseDatabase> database(handle);
    if (failed != SQLITE_OK)
        return misconfigured(
            base::cat("Can't open database: ", path, ": ",
                      handle == nullptr ? "out of memory" : sqlite3_errmsg(handle)));
    return std::unique_ptr<Source>(
        std::make_unique<SqliteSource>(std::move(database), path, std::move(*query), notes));
}

} // namespace table
