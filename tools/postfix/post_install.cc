// SPDX-License-Identifier: Apache-2.0
// The words of post-install; see post_install.h.
#include "tools/postfix/post_install.h"

#include <algorithm>

#include "lib/base/strings.h"

namespace postfix {

namespace {

using enum PostInstallAction;

constexpr struct {
    std::string_view word;
    PostInstallAction action;
} rows[] = {
    {"create-missing", CreateMissing},
    {"set-permissions", SetPermissions},
    {"upgrade-permissions", SetPermissions},
    {"upgrade-configuration", Upgrade},
    {"upgrade-source", Upgrade},
    {"upgrade-package", Upgrade},
    {"first-install-reminder", Remind},
};

} // namespace

base::Result<PostInstall> parse_post_install(const std::vector<std::string>& words)
{
    PostInstall parsed;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        const auto* row = std::find_if(std::begin(rows), std::end(rows),
                                       [&](const auto& one) { return one.word == word; });
        if (row != std::end(rows))
            parsed.actions.push_back(row->action);
        else if (word.starts_with("config_directory="))
            parsed.config_directory = word.substr(equals + 1);
        else if (equals != std::string::npos && equals > 0)
            parsed.settings.push_back(word);
        else
            return base::permanent(base::cat("post-install: unknown word: ", word));
    }
    if (parsed.actions.empty())
        return base::permanent("usage: post-install [name=value ...] create-missing | "
                               "set-permissions | upgrade-configuration | upgrade-source | "
                               "upgrade-package | first-install-reminder");
    return parsed;
}

} // namespace postfix
