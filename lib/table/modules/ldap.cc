// SPDX-License-Identifier: Apache-2.0
// ldap: tables; see ldap.h.
#include "lib/table/modules/ldap.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/table/modules/ldap_connection.h"
#include "lib/table/modules/ldap_text.h"
#include "lib/table/modules/servers.h"

namespace table {

namespace {

constexpr ModuleSetting rows[] = {
    {"server_host", "localhost"},
    {"server_port", "389", SettingKind::Number},
    {"timeout", "10", SettingKind::Seconds},
    {"search_base", {}, SettingKind::Template},
    {"query_filter", "(mailacceptinggeneralid=%s)", SettingKind::Template},
    {"result_filter", "%s", SettingKind::Template}, // The old name of result_format.
    {"result_attribute", "maildrop"},
    {"special_result_attribute"},
    {"terminal_result_attribute"},
    {"leaf_result_attribute"},
    {"scope", "sub"},
    {"bind", "yes"},
    {"bind_dn"},
    {"bind_pw"},
    {"cache"},
    {"cache_expiry"},
    {"cache_size"},
    {"recursion_limit", "1000", SettingKind::Number},
    {"size_limit", "0", SettingKind::Number},
    {"dereference", "0", SettingKind::Number},
    {"chase_referrals", "no", SettingKind::Flag},
    {"version", "3", SettingKind::Number},
    {"debuglevel", "0", SettingKind::Number},
    {"start_tls", "no", SettingKind::Flag},
    {"tls_ca_cert_dir"},
    {"tls_ca_cert_file"},
    {"tls_cert"},
    {"tls_key"},
    {"tls_require_cert", "no", SettingKind::Flag},
    {"tls_random_file"},
    {"tls_cipher_suite"},
    {"sasl_mechs"},
    {"sasl_realm"},
    {"sasl_authz_id"},
    {"sasl_minssf", "0", SettingKind::Number},
};

enum class Kind : unsigned char { Terminal, Leaf, Plain, Special };
constexpr std::pair<Kind, std::string_view> kinds[] = {
    {Kind::Terminal, "terminal_result_attribute"},
    {Kind::Leaf, "leaf_result_attribute"},
    {Kind::Plain, "result_attribute"},
    {Kind::Special, "special_result_attribute"},
};

struct Attribute {
    std::string name;
    Kind kind;
};
using Attributes = std::vector<Attribute>; // Of equal names the first counts.

Attributes attributes_of(const TableSettings& settings)
{
    Attributes all;
    for (const auto& [kind, parameter] : kinds)
        for (std::string_view name : base::split(settings.text(parameter), ", \t\r\n"))
            all.push_back({std::string(name), kind});
    return all;
}

const Attribute* find(const Attributes& attributes, std::string_view name)
{
    auto found =
        std::find_if(attributes.begin(), attributes.end(), [name](const Attribute& attribute) {
            return base::iequals(attribute.name, name);
        });
    return found == attributes.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const Attributes& attributes)
{
    std::vector<std::string> names;
    for (const Attribute& attribute : attributes)
        names.push_back(attribute.name);
    if (names.empty())
        names.emplace_back(LDAP_NO_ATTRS);
    return names;
}

// One attribute of an entry, with its values.
struct Found {
    Kind kind;
    std::string name;
    std::vector<std::string> values;
};

std::vector<Found> read_entry(LDAP* handle, LDAPMessage* entry, const Attributes& wanted)
{
    std::vector<Found> all;
    BerElement* place = nullptr;
    for (char* name = ldap_first_attribute(handle, entry, &place); name != nullptr;
         name = ldap_next_attribute(handle, entry, place)) {
        berval** values = ldap_get_values_len(handle, entry, name);
        const Attribute* attribute = find(wanted, name);
        if (attribute != nullptr && values != nullptr && values[0] != nullptr) {
            Found found{attribute->kind, name, {}};
            for (berval** value = values; *value != nullptr; ++value)
                found.values.emplace_back((*value)->bv_val, (*value)->bv_len);
            all.push_back(std::move(found));
        }
        ldap_value_free_len(values);
        ldap_memfree(name);
    }
    ber_free(place, 0);
    return all;
}

bool has(const std::vector<Found>& entry, Kind kind)
{
    return std::any_of(entry.begin(), entry.end(),
                       [kind](const Found& found) { return found.kind == kind; });
}

struct FreeUrl {
    void operator()(LDAPURLDesc* url) const { ldap_free_urldesc(url); }
};

int scope_of(const std::string& scope, Notes& notes)
{
    if (base::iequals(scope, "one"))
        return LDAP_SCOPE_ONELEVEL;
    if (base::iequals(scope, "base"))
        return LDAP_SCOPE_BASE;
    if (!base::iequals(scope, "sub"))
        notes.warning(base::cat("Unrecognized value ", scope, " specified for scope; using sub"));
    return LDAP_SCOPE_SUBTREE;
}

class LdapSource final : public Source {
public:
    LdapSource(std::shared_ptr<LdapConnection> connection, const TableSettings& settings,
               Notes& notes)
        : connection_(std::move(connection)), notes_(notes), base_(settings.text("search_base")),
          filter_(settings.text("query_filter")), scope_(scope_of(settings.text("scope"), notes)),
          attributes_(attributes_of(settings)),
          recursion_limit_(settings.number("recursion_limit")),
          size_limit_(
              settings.number(settings.given("size_limit") ? "size_limit" : "expansion_limit"))
    {
    }

    base::Result<void> search(Search& search) override
    {
        LdapSearch first{.scope = scope_, .attributes = names_of(attributes_)};
        if (!search.expand(base_, quote_name, first.base) ||
            !search.expand(filter_, quote_filter, first.filter))
            return {};
        until_ = std::chrono::steady_clock::now() + std::chrono::seconds(kLookupSeconds);
        error_.clear();
        auto answer = ask(first);
        if (answer.code == LDAP_NO_SUCH_OBJECT && base_.find('%') != std::string::npos)
            return {}; // There is nobody of this domain.
        if (answer.code != LDAP_SUCCESS) {
            fail("Search error ", answer.code);
            connection_->close();
        } else {
            collect(answer.messages.get(), attributes_, search, 0);
        }
        return error_.empty() ? base::Result<void>{} : failure(error_);
    }

private:
    LdapConnection::Answer ask(const LdapSearch& search)
    {
        return connection_->search(search, static_cast<int>(size_limit_), notes_);
    }

    void fail(std::string_view what, int code)
    {
        error_ = base::cat(what, code, ": ", ldap_err2string(code));
    }

    // False: the search is over, by an error or by what `search` says.
    bool collect(LDAPMessage* messages, const Attributes& wanted, Search& search, long depth)
    {
        LDAP* handle = connection_->handle();
        std::vector<std::vector<Found>> entries; // Further searches may close the connection.
        for (LDAPMessage* entry = ldap_first_entry(handle, messages); entry != nullptr;
             entry = ldap_next_entry(handle, entry))
            entries.push_back(read_entry(handle, entry, wanted));
        if (size_limit_ > 0 && static_cast<long>(entries.size()) > size_limit_) {
            error_ = base::cat("Query size limit (", size_limit_, ") exceeded");
            return false;
        }
        return std::all_of(entries.begin(), entries.end(), [&](const auto& entry) {
            return collect_entry(entry, wanted, search, depth);
        });
    }

    bool collect_entry(const std::vector<Found>& entry, const Attributes& wanted, Search& search,
                       long depth)
    {
        const bool is_terminal = has(entry, Kind::Terminal);
        const bool is_leaf = !has(entry, Kind::Special);
        for (const Found& found : entry) {
            if (is_terminal && found.kind != Kind::Terminal)
                continue;
            if (found.kind == Kind::Leaf && !is_leaf)
                continue;
            for (const std::string& value : found.values) {
                const bool go_on = found.kind == Kind::Special
                                       ? follow(found.name, value, wanted, search, depth)
                                       : search.add(value);
                if (!go_on)
                    return false;
            }
        }
        return true;
    }

    // A name, or an URL, of entries that stand for this one.
    bool follow(const std::string& name, const std::string& value, const Attributes& wanted,
                Search& search, long depth)
    {
        if (depth >= recursion_limit_) {
            error_ = base::cat("Recursion limit exceeded for special attribute ", name, "=", value);
            return false;
        }
        if (std::chrono::steady_clock::now() >= until_) {
            error_ = base::cat("the search takes too long, at ", name, "=", value);
            return false;
        }
        if (ldap_is_ldap_url(value.c_str()) != 0)
            return follow_url(value, wanted, search, depth);
        return follow_search({value, LDAP_SCOPE_BASE, "(objectclass=*)", names_of(wanted)}, wanted,
                             search, depth);
    }

    bool follow_url(const std::string& text, const Attributes& wanted, Search& search, long depth)
    {
        LDAPURLDesc* parsed = nullptr;
        const int failed = ldap_url_parse(text.c_str(), &parsed);
        std::unique_ptr<LDAPURLDesc, FreeUrl> url(parsed);
        if (failed != 0) {
            error_ = base::cat("malformed URL ", text, " (", failed, ")");
            return false;
        }
        Attributes pertinent = url->lud_attrs == nullptr ? wanted : Attributes{};
        for (char** name = url->lud_attrs; name != nullptr && *name != nullptr; ++name)
            if (const Attribute* attribute = find(wanted, *name))
                pertinent.push_back(*attribute);
        if (pertinent.empty()) {
            notes_.warning(base::cat("skipping URL ", text, ": no pertinent attributes"));
            return true;
        }
        LdapSearch next{url->lud_dn == nullptr ? "" : url->lud_dn,
                        url->lud_scope == LDAP_SCOPE_DEFAULT ? LDAP_SCOPE_BASE : url->lud_scope,
                        url->lud_filter == nullptr ? "(objectclass=*)" : url->lud_filter,
                        names_of(pertinent)};
        return follow_search(next, pertinent, search, depth);
    }

    bool follow_search(const LdapSearch& next, const Attributes& wanted, Search& search, long depth)
    {
        auto answer = ask(next);
        if (answer.code == LDAP_NO_SUCH_OBJECT) {
            notes_.warning(base::cat("DN ", next.base, " not found, skipping"));
            return true;
        }
        if (answer.code == LDAP_SUCCESS)
            return collect(answer.messages.get(), wanted, search, depth + 1);
        fail("search error ", answer.code);
        connection_->close();
        return false;
    }

    std::shared_ptr<LdapConnection> connection_;
    Notes& notes_;
    std::string base_;
    std::string filter_;
    int scope_;
    Attributes attributes_;
    long recursion_limit_;
    long size_limit_;
    std::chrono::steady_clock::time_point until_{}; // Of the search that runs.
    std::string error_;                             // Of the search that runs.
};

std::string why_not(const TableSettings& settings)
{
    if (settings.number("recursion_limit") == 0)
        return "recursion_limit must be more than 0";
    if (settings.number("version") < 2 || settings.number("version") > 3)
        return base::cat("version ", settings.number("version"), " is unknown");
    if (settings.number("dereference") > LDAP_DEREF_ALWAYS)
        return "dereference must be from 0 to 3";
    if (settings.number("timeout") == 0 || settings.number("timeout") > kLookupSeconds)
        return base::cat("timeout must be from 1 to ", kLookupSeconds, " seconds");
    if (settings.text("query_filter").empty())
        return "query_filter is empty";
    return LdapConnection::why_not(settings);
}

} // namespace

std::span<const ModuleSetting> LdapModule::settings() const
{
    return rows;
}

std::shared_ptr<LdapConnection> LdapModule::connection_of(const TableSettings& settings)
{
    auto& known = connections_[identity_of(settings, LdapConnection::parameters())];
    auto connection = known.lock();
    if (!connection)
        known = connection = std::make_shared<LdapConnection>(settings);
    return connection;
}

base::Result<std::unique_ptr<Source>> LdapModule::open(const TableSettings& settings, Notes& notes)
{
    if (std::string why = why_not(settings); !why.empty())
        return misconfigured(why);
    for (std::string_view name : {"cache", "cache_expiry", "cache_size"})
        if (settings.given(name))
            notes.warning(base::cat("ldap: ignoring ", name));
    const std::string& filter = settings.text("query_filter");
    if (filter.find('%') == std::string::npos)
        notes.warning(base::cat("Fixed query_filter ", filter, " is probably useless"));
    return std::unique_ptr<Source>(
        std::make_unique<LdapSource>(connection_of(settings), settings, notes));
}

void LdapModule::tidy()
{
    for (auto& [identity, known] : connections_)
        if (auto connection = known.lock())
            connection->close_if_idle();
}

} // namespace table
