// SPDX-License-Identifier: Apache-2.0
// The environment of daemons; see environment.h.
#include "master/environment.h"

#include <string_view>

#include "lib/base/strings.h"

namespace master {

static constexpr std::string_view safe_path =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static const char* lookup(const char* const* from, std::string_view name)
{
    for (; *from != nullptr; ++from) {
        std::string_view variable = *from;
        if (variable.size() > name.size() && variable.starts_with(name) &&
            variable[name.size()] == '=')
            return *from;
    }
    return nullptr;
}

std::vector<std::string> worker_environment(const std::vector<std::string>& import,
                                            const std::string& directory, const char* const* from)
{
    std::vector<std::string> made{std::string(safe_path), base::cat("MAIL_CONFIG=", directory)};
    for (std::string_view word : import) {
        if (word.size() > 1 && word.front() == '{' && word.back() == '}')
            word = word.substr(1, word.size() - 2);
        auto equals = word.find('=');
        std::string_view name = base::trim(word.substr(0, equals));
        if (name.empty() || name == "PATH" || name == "MAIL_CONFIG")
            continue;
        if (equals != std::string_view::npos)
            made.push_back(base::cat(name, "=", base::trim(word.substr(equals + 1))));
        else if (const char* set = lookup(from, name))
            made.emplace_back(set);
    }
    return made;
}

} // namespace master
