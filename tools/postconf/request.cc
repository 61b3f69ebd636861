// SPDX-License-Identifier: Apache-2.0
// Arguments of postconf -M, -F and -P; see request.h.
#include "tools/postconf/request.h"

#include <algorithm>
#include <array>

#include "lib/base/strings.h"

namespace postconf {

static bool is_type(std::string_view word)
{
    constexpr std::array<std::string_view, 6> words{"inet", "unix",       "fifo",
                                                    "pass", "unix-dgram", "*"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool Request::matches(const config::ServiceEntry& entry) const
{
    return (service == "*" || service == entry.fields[0]) &&
           (type.empty() || type == "*" || type == entry.fields[1]);
}

// Names of services may have a slash or a dot, types not: the type is looked for.
Request read_request(std::string_view argument, int parts)
{
    Request request;
    request.text = argument;
    std::string_view rest = argument;
    std::string_view what = base::trim(base::cut(rest, '='));
    if (argument.find('=') != std::string_view::npos)
        request.value = base::trim(rest);
    auto slash = what.rfind('/');
    if (parts == 3 && slash != std::string_view::npos && what.find('/') != slash) {
        request.attribute = what.substr(slash + 1);
        what = what.substr(0, slash);
        slash = what.rfind('/');
    }
    auto dot = what.rfind('.');
    if (slash == std::string_view::npos && dot != std::string_view::npos &&
        is_type(what.substr(dot + 1)))
        slash = dot;
    request.service = what.substr(0, slash);
    if (slash != std::string_view::npos)
        request.type = what.substr(slash + 1);
    return request;
}

} // namespace postconf
