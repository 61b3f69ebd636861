// SPDX-License-Identifier: Apache-2.0
// The hosts file; see hosts.h.
#include "services/resolver/hosts.h"

#include <sys/stat.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/net/address.h"

namespace resolver {

void Hosts::refresh()
{
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0)
        return;
    bool same = loaded_ && status.st_mtim.tv_sec == modified_.tv_sec &&
                status.st_mtim.tv_nsec == modified_.tv_nsec;
    if (same)
        return;
    loaded_ = true;
    modified_ = status.st_mtim;
    auto text = base::read_file(path_, size_limit);
    if (text)
        parse(*text);
    else
        base::Log{}.warning(text.error().text);
}

void Hosts::parse(std::string_view text)
{
    by_name_.clear();
    by_address_.clear();
    while (!text.empty()) {
        std::string_view line = base::cut(text, '\n');
        auto words = base::split(base::cut(line, '#'), " \t\r");
        if (words.size() < 2)
            continue;
        auto address = net::Address::parse(words[0]);
        if (!address)
            continue;
        std::string numeric = address->host();
        by_address_.try_emplace(numeric, words[1]);
        for (std::size_t i = 1; i < words.size(); ++i)
            by_name_[std::string(words[i])].push_back(numeric);
    }
}

const std::vector<std::string>& Hosts::addresses(std::string_view name)
{
    refresh();
    auto found = by_name_.find(name);
    return found == by_name_.end() ? none_ : found->second;
}

std::string Hosts::name(std::string_view address)
{
    refresh();
    auto found = by_address_.find(address);
    return found == by_address_.end() ? std::string() : found->second;
}

} // namespace resolver
