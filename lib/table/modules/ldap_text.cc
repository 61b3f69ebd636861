// SPDX-License-Identifier: Apache-2.0
// Texts for LDAP; see ldap_text.h.
#include "lib/table/modules/ldap_text.h"

#include "lib/base/strings.h"

namespace table {

bool quote_filter(std::string_view part, std::string& out)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : part) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::string_view("*()\\").find(c) != std::string_view::npos || c == '\0')
            base::append(out, '\\', digits[byte >> 4], digits[byte & 15]);
        else
            out += c;
    }
    return true;
}

bool quote_name(std::string_view part, std::string& out)
{
    for (std::size_t i = 0; i < part.size(); ++i) {
        const char c = part[i];
        if (c == '\0') {
            out += "\\00";
            continue;
        }
        const bool at_edge = i == 0 || i + 1 == part.size();
        if (std::string_view(",+\"\\<>;=").find(c) != std::string_view::npos ||
            (c == ' ' && at_edge) || (c == '#' && i == 0))
            out += '\\';
        out += c;
    }
    return true;
}

// Whether a host has a port behind it: "host:1389", "[::1]:1389", but not "::1".
static bool has_port(std::string_view host)
{
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    if (bracket != std::string_view::npos)
        return colon != std::string_view::npos && colon > bracket;
    return colon != std::string_view::npos && host.find(':') == colon;
}

std::string server_urls(const std::string& server_host, long port)
{
    std::string urls;
    for (std::string_view word : base::split(server_host, ", \t\r\n")) {
        if (!urls.empty())
            urls += ' ';
        if (word.find("://") != std::string_view::npos)
            urls += word;
        else if (has_port(word))
            base::append(urls, "ldap://", word);
        else
            base::append(urls, "ldap://", word, ":", port);
    }
    return urls;
}

} // namespace table
