// SPDX-License-Identifier: Apache-2.0
// mysql: tables; see mysql.h.
#include "lib/table/modules/mysql.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <netdb.h>
#include <netinet/in.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/table/modules/sql_query.h"

namespace table {

namespace {

constexpr ModuleSetting rows[] = {
    {"hosts"},
    {"user"},
    {"password"},
    {"dbname"},
    {"charset", "utf8mb4"},
    {"option_file"},
    {"option_group", "client"},
    {"tls_cert_file"},
    {"tls_key_file"},
    {"tls_CAfile"},
    {"tls_CApath"},
    {"tls_ciphers"},
    {"tls_verify_cert", "no", SettingKind::Flag},
    {"idle_interval", "60", SettingKind::Seconds},
    {"retry_interval", "60", SettingKind::Seconds},
    {"require_result_set", "yes", SettingKind::Flag},
    sql_query_setting,
    sql_select_setting,
    sql_table_setting,
    sql_where_setting,
    sql_more_setting,
};
// What makes a connection.
constexpr std::string_view connection_settings[] = {
    "hosts",       "user",         "password",        "dbname",        "charset",
    "option_file", "option_group", "tls_cert_file",   "tls_key_file",  "tls_CAfile",
    "tls_CApath",  "tls_ciphers",  "tls_verify_cert", "idle_interval", "retry_interval",
};

// Everything below is a code of the client library: the server has not answered.
constexpr unsigned first_client_error = CR_MIN_ERROR;

class MysqlConnection final : public Connection {
public:
    explicit MysqlConnection(MYSQL* handle) : handle_(handle) {}
    ~MysqlConnection() override { mysql_close(handle_); }
    MysqlConnection(const MysqlConnection&) = delete;
    MysqlConnection& operator=(const MysqlConnection&) = delete;

    MYSQL* handle() { return handle_; }

    Reply failed(std::string_view what = "") const
    {
        const unsigned code = mysql_errno(handle_);
        const bool lost = code >= first_client_error || code == ER_SERVER_SHUTDOWN ||
                          code == ER_CONNECTION_KILLED;
        return {lost ? Reply::Kind::Lost : Reply::Kind::Refused,
                base::cat(what, mysql_error(handle_))};
    }

private:
    MYSQL* handle_;
};

struct FreeResult {
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using ResultSet = std::unique_ptr<MYSQL_RES, FreeResult>;

// Empty texts are none, so that an option file has its say.
const char* or_null(const std::string& text)
{
    return text.empty() ? nullptr : text.c_str();
}

unsigned port_number(const std::string& port)
{
    if (auto number = base::parse_int<std::uint16_t>(port))
        return *number;
    const servent* service = port.empty() ? nullptr : ::getservbyname(port.c_str(), "tcp");
    return service == nullptr ? 0 : ntohs(static_cast<std::uint16_t>(service->s_port));
}

class Connector {
public:
    explicit Connector(TableSettings settings) : settings_(std::move(settings)) {}

    base::Result<std::unique_ptr<Connection>> operator()(const ServerAddress& address) const
    {
        MYSQL* handle = mysql_init(nullptr);
        if (handle == nullptr)
            return failure("out of memory");
        auto made = std::make_unique<MysqlConnection>(handle);
        set_options(handle);
        const char* host = address.is_socket ? nullptr : address.host.c_str();
        const char* socket = address.is_socket ? address.host.c_str() : nullptr;
        if (mysql_real_connect(handle, host, or_null(settings_.text("user")),
                               or_null(settings_.text("password")),
                               or_null(settings_.text("dbname")), port_number(address.port), socket,
                               CLIENT_MULTI_RESULTS) == nullptr)
            return failure(mysql_error(handle));
        return std::unique_ptr<Connection>(std::move(made));
    }

private:
    void set_options(MYSQL* handle) const
    {
        const unsigned connect_seconds = kConnectSeconds;
        const unsigned answer_seconds = kSearchSeconds;
        const unsigned off = 0;
        mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
        mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &answer_seconds);
        mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &answer_seconds);
        if (!settings_.text("option_file").empty())
            mysql_options(handle, MYSQL_READ_DEFAULT_FILE, settings_.text("option_file").c_str());
        if (!settings_.text("option_group").empty())
            mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, settings_.text("option_group").c_str());
        if (!settings_.text("charset").empty())
            mysql_options(handle, MYSQL_SET_CHARSET_NAME, settings_.text("charset").c_str());
        // No server may ask for a file of ours.
        mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
        set_tls(handle);
    }

    void set_tls(MYSQL* handle) const
    {
        const char* key = or_null(settings_.text("tls_key_file"));
        const char* certificate = or_null(settings_.text("tls_cert_file"));
        const char* ca_file = or_null(settings_.text("tls_CAfile"));
        const char* ca_path = or_null(settings_.text("tls_CApath"));
        const char* ciphers = or_null(settings_.text("tls_ciphers"));
        if (key != nullptr || certificate != nullptr || ca_file != nullptr || ca_path != nullptr ||
            ciphers != nullptr)
            mysql_ssl_set(handle, key, certificate, ca_file, ca_path, ciphers);
        if (settings_.given("tls_verify_cert")) {
            const my_bool verify = settings_.flag("tls_verify_cert") ? 1 : 0;
            mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
        }
    }

    TableSettings settings_;
};

// As the connection's character set and the server's mode want it.
bool quote(MYSQL* handle, std::string_view part, std::string& out)
{
    if (part.find('\0') != std::string_view::npos)
        return false;
    std::string quoted(part.size() * 2 + 1, '\0');
    const unsigned long size = mysql_real_escape_string(handle, quoted.data(), part.data(),
                                                        static_cast<unsigned long>(part.size()));
    if (size > part.size() * 2)
        return false;
    out.append(quoted, 0, size);
    return true;
}

class MysqlSource final : public SqlServerSource {
public:
    MysqlSource(std::shared_ptr<Servers> servers, std::string query, bool want_result, Notes& notes)
        : SqlServerSource(std::move(servers), std::move(query), notes), want_result_(want_result)
    {
    }

private:
    Reply ask(Connection& any, const std::string& query, Search& search) override
    {
        auto& connection = static_cast<MysqlConnection&>(any);
        MYSQL* handle = connection.handle();
        std::string text;
        auto quote_here = [handle](std::string_view part, std::string& out) {
            return quote(handle, part, out);
        };
        if (!search.expand(query, quote_here, text))
            return {};
        if (mysql_real_query(handle, text.c_str(), static_cast<unsigned long>(text.size())) != 0)
            return connection.failed();
        std::vector<std::string> values;
        Reply reply = take_results(connection, values);
        if (reply.kind == Reply::Kind::Answered)
            for (const std::string& value : values)
                if (!search.add(value))
                    break;
        return reply;
    }

    // A procedure gives a result set and a status; a query gives a result set.
    Reply take_results(MysqlConnection& connection, std::vector<std::string>& values) const
    {
        MYSQL* handle = connection.handle();
        int sets = 0;
        while (true) {
            ResultSet result(mysql_store_result(handle));
            if (result == nullptr && mysql_field_count(handle) != 0)
                return connection.failed("(mysql_store_result): ");
            if (result != nullptr && ++sets == 1)
                take_rows(result.get(), values);
            const int next = mysql_next_result(handle);
            if (next > 0)
                return connection.failed("(mysql_next_result): ");
            if (next < 0)
                break;
        }
        if (sets > 1)
            return {Reply::Kind::Refused, "multiple result sets returning data are not supported"};
        if (sets == 0 && want_result_)
            return {Reply::Kind::Refused,
                    "query returned no result set (require_result_set = yes)"};
        return {};
    }

    static void take_rows(MYSQL_RES* result, std::vector<std::string>& values)
    {
        const unsigned columns = mysql_num_fields(result);
        while (MYSQL_ROW row = mysql_fetch_row(result)) {
            const unsigned long* sizes = mysql_fetch_lengths(result);
            for (unsigned i = 0; i < columns; ++i)
                if (row[i] != nullptr)
                    values.emplace_back(row[i], sizes[i]);
        }
    }

    bool want_result_;
};

} // namespace

MysqlModule::MysqlModule() : SqlServerModule({"mysql", rows, connection_settings}) {}

Servers::Connect MysqlModule::connector(const TableSettings& settings)
{
    return Connector(settings);
}

std::unique_ptr<Source> MysqlModule::source(std::shared_ptr<Servers> servers, std::string query,
                                            const TableSettings& settings, Notes& notes)
{
    return std::make_unique<MysqlSource>(std::move(servers), std::move(query),
                                         settings.flag("require_result_set"), notes);
}

} // namespace table
