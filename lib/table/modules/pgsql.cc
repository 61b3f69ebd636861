// SPDX-License-Identifier: Apache-2.0
// pgsql: tables; see pgsql.h.
#include "lib/table/modules/pgsql.h"

#include <chrono>
#include <libpq-fe.h>
#include <poll.h>

#include "lib/base/strings.h"
#include "lib/table/modules/sql_query.h"

namespace table {

namespace {

constexpr ModuleSetting rows[] = {
    {"hosts"},
    {"user"},
    {"password"},
    {"dbname"},
    {"encoding", "UTF8"},
    {"idle_interval", "60", SettingKind::Seconds},
    {"retry_interval", "60", SettingKind::Seconds},
    sql_query_setting,
    sql_function_setting,
    sql_select_setting,
    sql_table_setting,
    sql_where_setting,
    sql_more_setting,
};
constexpr std::string_view connection_settings[] = {
    "hosts", "user", "password", "dbname", "encoding", "idle_interval", "retry_interval",
};

class PgsqlConnection final : public Connection {
public:
    explicit PgsqlConnection(PGconn* handle) : handle_(handle) {}
    ~PgsqlConnection() override { PQfinish(handle_); }
    PgsqlConnection(const PgsqlConnection&) = delete;
    PgsqlConnection& operator=(const PgsqlConnection&) = delete;

    PGconn* handle() { return handle_; }

private:
    PGconn* handle_;
};

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultSet = std::unique_ptr<PGresult, FreeResult>;

void ignore_notice(void*, const PGresult*) {}

class Connector {
public:
    explicit Connector(TableSettings settings) : settings_(std::move(settings)) {}

    base::Result<std::unique_ptr<Connection>> operator()(const ServerAddress& address) const
    {
        const std::string seconds = base::cat(kConnectSeconds);
        std::vector<const char*> names{"connect_timeout"};
        std::vector<const char*> values{seconds.c_str()};
        auto add = [&](const char* name, const std::string& value) {
            names.push_back(name);
            values.push_back(value.c_str());
        };
        const bool is_uri =
            address.text.starts_with("postgresql://") || address.text.starts_with("postgres://");
        if (is_uri) { // What it leaves open is taken from the other parameters.
            add_login(add);
            add("dbname", address.text);
        } else {
            add("dbname", settings_.text("dbname"));
            add_login(add);
            add("host", address.host);
            if (!address.port.empty())
                add("port", address.port);
        }
        names.push_back(nullptr);
        values.push_back(nullptr);
        auto made =
            std::make_unique<PgsqlConnection>(PQconnectdbParams(names.data(), values.data(), 1));
        if (PQstatus(made->handle()) != CONNECTION_OK)
            return failure(PQerrorMessage(made->handle()));
        PQsetNoticeReceiver(made->handle(), ignore_notice, nullptr);
        const std::string& encoding = settings_.text("encoding");
        if (PQsetClientEncoding(made->handle(), encoding.c_str()) != 0)
            return failure(base::cat("cannot set the encoding to ", encoding, ": ",
                                     PQerrorMessage(made->handle())));
        return std::unique_ptr<Connection>(std::move(made));
    }

private:
    template <typename Add> void add_login(const Add& add) const
    {
        if (!settings_.text("user").empty())
            add("user", settings_.text("user"));
        if (!settings_.text("password").empty())
            add("password", settings_.text("password"));
    }

    TableSettings settings_;
};

// As the connection's encoding and the server's mode want it.
bool quote(PGconn* handle, std::string_view part, std::string& out)
{
    if (part.find('\0') != std::string_view::npos)
        return false;
    std::string quoted(part.size() * 2 + 1, '\0');
    int error = 0;
    const std::size_t size =
        PQescapeStringConn(handle, quoted.data(), part.data(), part.size(), &error);
    out.append(quoted, 0, size);
    return error == 0;
}

// The last result of what was sent, which may be several statements. Nothing: it took too long.
ResultSet wait_for_result(PGconn* handle)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kSearchSeconds);
    ResultSet last;
    while (true) {
        while (PQisBusy(handle) != 0) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd wait{PQsocket(handle), POLLIN, 0};
            if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) == 0)
                return nullptr;
            if (PQconsumeInput(handle) == 0)
                break;
        }
        ResultSet next(PQgetResult(handle));
        if (next == nullptr)
            return last;
        last = std::move(next);
    }
}

class PgsqlSource final : public SqlServerSource {
public:
    using SqlServerSource::SqlServerSource;

private:
    Reply ask(Connection& connection, const std::string& query, Search& search) override
    {
        PGconn* handle = static_cast<PgsqlConnection&>(connection).handle();
        std::string text;
        auto quote_here = [handle](std::string_view part, std::string& out) {
            return quote(handle, part, out);
        };
        if (!search.expand(query, quote_here, text))
            return {};
        if (PQsendQuery(handle, text.c_str()) == 0)
            return {Reply::Kind::Lost, PQerrorMessage(handle)};
        ResultSet result = wait_for_result(handle);
        if (result == nullptr)
            return {Reply::Kind::Lost, "no answer in time"};
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_FATAL_ERROR) {
            const bool lost = PQstatus(handle) != CONNECTION_OK;
            return {lost ? Reply::Kind::Lost : Reply::Kind::Refused,
                    PQresultErrorMessage(result.get())};
        }
        if (status != PGRES_TUPLES_OK)
            return {Reply::Kind::Refused,
                    base::cat("the query gives no rows (", PQresStatus(status), ")")};
        take_rows(result.get(), search);
        return {};
    }

    static void take_rows(PGresult* result, Search& search)
    {
        for (int row = 0; row < PQntuples(result); ++row)
            for (int column = 0; column < PQnfields(result); ++column)
                if (PQgetisnull(result, row, column) == 0 &&
                    !search.add({PQgetvalue(result, row, column),
                                 static_cast<std::size_t>(PQgetlength(result, row, column))}))
                    return;
    }
};

} // namespace

PgsqlModule::PgsqlModule() : SqlServerModule({"pgsql", rows, connection_settings}) {}

Servers::Connect PgsqlModule::connector(const TableSettings& settings)
{
    return Connector(settings);
}

std::unique_ptr<Source> PgsqlModule::source(std::shared_ptr<Servers> servers, std::string query,
                                            const TableSettings&, Notes& notes)
{
    return std::make_unique<PgsqlSource>(std::move(servers), std::move(query), notes);
}

} // namespace table
