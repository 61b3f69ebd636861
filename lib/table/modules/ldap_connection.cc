// SPDX-License-Identifier: Apache-2.0
// Connections to LDAP servers; see ldap_connection.h.
#include "lib/table/modules/ldap_connection.h"

#include "lib/base/strings.h"
#include "lib/table/modules/ldap_text.h"

namespace table {

namespace {

constexpr std::string_view names[] = {
    "server_host",      "server_port",      "timeout",    "bind",
    "bind_dn",          "bind_pw",          "version",    "dereference",
    "chase_referrals",  "debuglevel",       "start_tls",  "tls_ca_cert_dir",
    "tls_ca_cert_file", "tls_cert",         "tls_key",    "tls_require_cert",
    "tls_random_file",  "tls_cipher_suite", "sasl_mechs", "sasl_authz_id",
};
constexpr auto idle_time = std::chrono::seconds(60);
constexpr long latest_version = 3;

enum class Login : unsigned char { None, Simple, Sasl, Unknown };

Login login_of(const TableSettings& settings)
{
    const std::string& bind = settings.text("bind");
    if (base::iequals(bind, "no") || base::iequals(bind, "none"))
        return Login::None;
    if (base::iequals(bind, "yes") || base::iequals(bind, "simple"))
        return Login::Simple;
    return base::iequals(bind, "sasl") ? Login::Sasl : Login::Unknown;
}

// The library wants writable texts, which it does not write.
berval credentials(const std::string& text)
{
    return {text.size(), const_cast<char*>(text.c_str())};
}

} // namespace

LdapConnection::LdapConnection(TableSettings settings)
    : settings_(std::move(settings)),
      urls_(server_urls(settings_.text("server_host"), settings_.number("server_port")))
{
}

std::span<const std::string_view> LdapConnection::parameters()
{
    return names;
}

std::string LdapConnection::why_not(const TableSettings& settings)
{
    const Login login = login_of(settings);
    if (login == Login::Unknown)
        return base::cat("unsupported parameter value: bind = ", settings.text("bind"));
    const bool external = base::iequals(base::trim(settings.text("sasl_mechs")), "EXTERNAL");
    if (login == Login::Sasl && !external)
        return "bind = sasl is supported with sasl_mechs = EXTERNAL only in this release";
    if (login == Login::Sasl && settings.number("sasl_minssf") > 0)
        return "sasl_minssf is not supported in this release";
    const bool old = settings.number("version") != latest_version;
    if (old && (settings.flag("start_tls") || login == Login::Sasl))
        return "start_tls and bind = sasl require protocol version 3";
    if (server_urls(settings.text("server_host"), 1).empty())
        return "server_host is empty";
    return {};
}

void LdapConnection::close()
{
    if (handle_ != nullptr)
        ldap_unbind_ext(handle_, nullptr, nullptr);
    handle_ = nullptr;
}

void LdapConnection::close_if_idle()
{
    if (handle_ != nullptr && std::chrono::steady_clock::now() - used_ >= idle_time)
        close();
}

int LdapConnection::set_tls()
{
    constexpr std::pair<std::string_view, int> files[] = {
        {"tls_random_file", LDAP_OPT_X_TLS_RANDOM_FILE},
        {"tls_ca_cert_file", LDAP_OPT_X_TLS_CACERTFILE},
        {"tls_ca_cert_dir", LDAP_OPT_X_TLS_CACERTDIR},
        {"tls_cert", LDAP_OPT_X_TLS_CERTFILE},
        {"tls_key", LDAP_OPT_X_TLS_KEYFILE},
        {"tls_cipher_suite", LDAP_OPT_X_TLS_CIPHER_SUITE},
    };
    for (const auto& [name, option] : files) {
        const std::string& value = settings_.text(name);
        if (value.empty())
            continue;
        if (int failed = ldap_set_option(handle_, option, value.c_str()); failed != LDAP_SUCCESS)
            return failed;
    }
    const int require =
        settings_.flag("tls_require_cert") ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
    if (int failed = ldap_set_option(handle_, LDAP_OPT_X_TLS_REQUIRE_CERT, &require);
        failed != LDAP_SUCCESS)
        return failed;
    const int as_client = 0;
    return ldap_set_option(handle_, LDAP_OPT_X_TLS_NEWCTX, &as_client);
}

int LdapConnection::set_options()
{
    const timeval limit = time_limit();
    const int version = static_cast<int>(settings_.number("version"));
    const int dereference = static_cast<int>(settings_.number("dereference"));
    const int level = static_cast<int>(settings_.number("debuglevel"));
    const void* const referrals = settings_.flag("chase_referrals") ? LDAP_OPT_ON : LDAP_OPT_OFF;
    const std::pair<int, const void*> options[] = {
        {LDAP_OPT_NETWORK_TIMEOUT, &limit},    {LDAP_OPT_TIMEOUT, &limit},
        {LDAP_OPT_PROTOCOL_VERSION, &version}, {LDAP_OPT_DEREF, &dereference},
        {LDAP_OPT_REFERRALS, referrals},       {LDAP_OPT_RESTART, LDAP_OPT_ON},
    };
    for (const auto& [option, value] : options)
        if (int failed = ldap_set_option(handle_, option, value); failed != LDAP_SUCCESS)
            return failed;
    if (level != 0)
        ldap_set_option(nullptr, LDAP_OPT_DEBUG_LEVEL, &level);
    return set_tls();
}

int LdapConnection::log_in()
{
    const std::string& password = settings_.text("bind_pw");
    const std::string& authorization = settings_.text("sasl_authz_id");
    berval simple = credentials(password);
    berval external = credentials(authorization);
    switch (login_of(settings_)) {
    case Login::None:
    case Login::Unknown: return LDAP_SUCCESS;
    case Login::Simple:
        return ldap_sasl_bind_s(handle_, settings_.text("bind_dn").c_str(), LDAP_SASL_SIMPLE,
                                &simple, nullptr, nullptr, nullptr);
    case Login::Sasl:
        return ldap_sasl_bind_s(handle_, nullptr, "EXTERNAL", &external, nullptr, nullptr, nullptr);
    }
    return LDAP_SUCCESS;
}

// An LDAP code; every failure has been told.
int LdapConnection::connect(Notes& notes)
{
    if (int failed = ldap_initialize(&handle_, urls_.c_str()); failed != LDAP_SUCCESS) {
        notes.warning(base::cat("dict_ldap_connect: Unable to init LDAP server ", urls_, ": ",
                                failed, ": ", ldap_err2string(failed)));
        handle_ = nullptr;
        return failed;
    }
    int failed = set_options();
    std::string what = "set options of";
    if (failed == LDAP_SUCCESS && settings_.flag("start_tls")) {
        what = "set STARTTLS with";
        failed = ldap_start_tls_s(handle_, nullptr, nullptr);
    }
    if (failed == LDAP_SUCCESS) {
        what = "bind to";
        failed = log_in();
    }
    if (failed == LDAP_SUCCESS)
        return failed;
    const std::string& name = settings_.text("bind_dn");
    notes.warning(base::cat("dict_ldap_connect: Unable to ", what, " server ", urls_, " with dn ",
                            name.empty() ? "empty or implicit" : name, ": ", failed, " (",
                            ldap_err2string(failed), ")"));
    close();
    return failed;
}

LdapConnection::Answer LdapConnection::ask(const LdapSearch& search, int size_limit)
{
    std::vector<char*> attributes;
    attributes.reserve(search.attributes.size() + 1);
    for (const std::string& attribute : search.attributes)
        attributes.push_back(const_cast<char*>(attribute.c_str()));
    attributes.push_back(nullptr);
    timeval limit = time_limit();
    int id = 0;
    int code = ldap_search_ext(handle_, search.base.c_str(), search.scope, search.filter.c_str(),
                               attributes.data(), 0, nullptr, nullptr, &limit, size_limit, &id);
    if (code != LDAP_SUCCESS)
        return {code};
    LDAPMessage* got = nullptr;
    const int type = ldap_result(handle_, id, LDAP_MSG_ALL, &limit, &got);
    LdapMessages messages(got);
    if (type == 0) {
        ldap_abandon_ext(handle_, id, nullptr, nullptr);
        return {LDAP_TIMEOUT};
    }
    if (type < 0) {
        ldap_get_option(handle_, LDAP_OPT_RESULT_CODE, &code);
        return {code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code};
    }
    if (ldap_parse_result(handle_, got, &code, nullptr, nullptr, nullptr, nullptr, 0) !=
        LDAP_SUCCESS)
        code = LDAP_DECODING_ERROR;
    return {code, std::move(messages)};
}

LdapConnection::Answer LdapConnection::search(const LdapSearch& search, int size_limit,
                                              Notes& notes)
{
    const bool kept = handle_ != nullptr;
    if (!kept)
        if (int failed = connect(notes); failed != LDAP_SUCCESS)
            return {failed};
    Answer answer = ask(search, size_limit);
    if (answer.code == LDAP_SERVER_DOWN && kept) {
        close();
        if (int failed = connect(notes); failed != LDAP_SUCCESS)
            return {failed};
        answer = ask(search, size_limit);
    }
    used_ = std::chrono::steady_clock::now();
    return answer;
}

} // namespace table
