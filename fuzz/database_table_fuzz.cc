// SPDX-License-Identifier: Apache-2.0
// Tables in databases: the first line is a template, the second the key, the third a value that was
// found, the rest the table's file. What goes into a query must be quoted to the last byte.
#include <cstdint>
#include <cstdlib>

#include "lib/base/strings.h"
#include "lib/table/key_template.h"
#include "lib/table/modules/ldap_text.h"
#include "lib/table/table_file.h"

namespace {

constexpr table::ModuleSetting rows[] = {
    {"hosts"},
    {"query", {}, table::SettingKind::Template},
    {"idle_interval", "60", table::SettingKind::Seconds},
    {"start_tls", "no", table::SettingKind::Flag},
};

void check(bool holds)
{
    if (!holds)
        std::abort();
}

// Undoes the quoting of a filter; a special byte without it is a fault.
std::string unquoted_filter(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        check(std::string_view("*()").find(text[i]) == std::string_view::npos && text[i] != '\0');
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        check(i + 2 < text.size());
        out +=
            static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
        i += 2;
    }
    return out;
}

void expand(const table::KeyTemplate& made, std::string_view key, std::string_view value)
{
    const table::AddressParts parts(key);
    std::string plain;
    std::string quoted;
    const auto as_it_is = [](std::string_view part, std::string& out) {
        out += part;
        return true;
    };
    const auto in_filter = [](std::string_view part, std::string& out) {
        std::string text;
        check(table::quote_filter(part, text) && unquoted_filter(text) == part);
        out += text;
        return table::quote_name(part, text);
    };
    const bool fits = made.expand_query(parts, as_it_is, plain);
    check(fits == made.fits_key(parts));
    check(made.expand_query(parts, in_filter, quoted) == fits);
    check(quoted.size() >= plain.size());
    std::string result;
    if (made.expand_result(table::AddressParts(value), parts, result))
        check(made.fits_result_key(parts));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const std::string_view text = base::cut(rest, '\n');
    const std::string_view key = base::cut(rest, '\n');
    const std::string_view value = base::cut(rest, '\n');
    if (auto made = table::KeyTemplate::parse(text))
        expand(*made, key, value);
    table::Warnings warnings;
    auto settings = table::parse_table_settings(rest, "fuzz.cf", rows, warnings);
    if (settings)
        check(settings->number("expansion_limit") >= 0);
    (void)table::server_urls(std::string(key), 389);
    return 0;
}
