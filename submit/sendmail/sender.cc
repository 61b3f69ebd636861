// SPDX-License-Identifier: Apache-2.0
// The sender; see sender.h.
#include "submit/sendmail/sender.h"

#include <cctype>
#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "submit/sendmail/recipients.h"

namespace sendmail {

base::Result<Caller> find_caller()
{
    const passwd* entry = ::getpwuid(::getuid());
    if (entry == nullptr)
        return base::permanent(base::cat("no login name found for user ID ", ::getuid()));
    return Caller{entry->pw_name, name_of_gecos(entry->pw_gecos, entry->pw_name)};
}

std::string name_of_gecos(std::string_view gecos, std::string_view login)
{
    std::string name;
    for (const char c : gecos.substr(0, gecos.find_first_of(",;%"))) {
        if (c != '&') {
            name += c;
            continue;
        }
        const std::size_t start = name.size();
        name += login;
        if (name.size() > start)
            name[start] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[start])));
    }
    return name;
}

std::string sender_address(const Options& options, const Caller& caller)
{
    if (!options.sender)
        return caller.login;
    const auto addresses = addresses_of(*options.sender);
    if (addresses.size() > 1)
        base::Log{}.warning("-f option specified malformed sender: ", *options.sender);
    return addresses.empty() ? std::string{} : addresses.front();
}

std::string sender_name(const Options& options, const Caller& caller)
{
    const char* environment = std::getenv("NAME");
    std::string name = options.full_name        ? *options.full_name
                       : environment != nullptr ? environment
                                                : caller.full_name;
    name.resize(std::min(name.size(), submit::full_name_limit));
    for (char& c : name)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            c = ' ';
    return name;
}

} // namespace sendmail
