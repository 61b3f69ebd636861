// SPDX-License-Identifier: Apache-2.0
// Host names and address literals; see domain.h.
#include "lib/mail/domain.h"

#include <arpa/inet.h>

#include "lib/base/strings.h"

namespace mail {

static bool is_label(std::string_view label)
{
    if (label.empty() || label.size() > label_limit)
        return false;
    if (label.front() == '-' || label.back() == '-')
        return false;
    for (char c : label)
        if (!base::is_alnum(c) && c != '-' && c != '_' && (c & 0x80) == 0)
            return false;
    return true;
}

static bool all_digits(std::string_view text)
{
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_hostname(std::string_view text, bool allow_utf8)
{
    if (text.empty() || text.size() > domain_limit || text.back() == '.' || all_digits(text))
        return false;
    if (allow_utf8 ? !base::is_utf8(text) : !base::is_ascii(text))
        return false;
    while (!text.empty())
        if (!is_label(base::cut(text, '.')))
            return false;
    return true;
}

// The system's parser wants a terminated string; no valid address needs more than this.
template <int family> static bool is_inet_address(std::string_view text)
{
    char terminated[INET6_ADDRSTRLEN + 1] = {};
    unsigned char ignored[16];
    if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos)
        return false;
    text.copy(terminated, text.size());
    return inet_pton(family, terminated, ignored) == 1;
}

bool is_ipv4_address(std::string_view text)
{
    return is_inet_address<AF_INET>(text);
}

bool is_ipv6_address(std::string_view text)
{
    return is_inet_address<AF_INET6>(text);
}

bool is_address_literal(std::string_view text)
{
    static constexpr std::string_view ipv6_tag = "IPv6:";
    if (text.size() < 3 || text.front() != '[' || text.back() != ']')
        return false;
    text = text.substr(1, text.size() - 2);
    if (base::istarts_with(text, ipv6_tag))
        return is_ipv6_address(text.substr(ipv6_tag.size()));
    return is_ipv4_address(text);
}

bool is_mail_domain(std::string_view text, bool allow_utf8)
{
    return text.starts_with('[') ? is_address_literal(text) : is_hostname(text, allow_utf8);
}

} // namespace mail
