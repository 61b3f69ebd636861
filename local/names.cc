// SPDX-License-Identifier: Apache-2.0
// Names in parameters of local delivery; see names.h.
#include "local/names.h"

#include "lib/config/expand.h"

namespace local {

namespace {

// Values come from addresses: a dollar sign in one means nothing.
std::string without_meaning(const std::string& value)
{
    std::string out;
    for (char c : value) {
        if (c == '$')
            out += '$';
        out += c;
    }
    return out;
}

class Lookup final : public config::Lookup {
public:
    Lookup(const Names& names, std::string_view allowed) : names_(names), allowed_(allowed) {}

    std::optional<config::Meaning> meaning(std::string_view name) const override
    {
        auto value = names_.find(name);
        if (!value)
            return std::nullopt;
        return config::Meaning{without_meaning(filtered(std::move(*value), allowed_))};
    }

    void used(std::string_view name) const override
    {
        undefined = undefined || !names_.find(name);
        uses_extension = uses_extension || name == "extension";
    }

    mutable bool undefined = false;
    mutable bool uses_extension = false;

private:
    const Names& names_;
    std::string_view allowed_;
};

} // namespace

std::string filtered(std::string value, std::string_view allowed)
{
    if (allowed.empty())
        return value;
    for (char& c : value)
        if (allowed.find(c) == std::string_view::npos)
            c = '_';
    return value;
}

std::optional<std::string> Names::find(std::string_view name) const
{
    if (name == "user")
        return user;
    if (name == "local" || name == "mailbox")
        return local;
    if (name == "recipient")
        return recipient;
    if (name == "domain")
        return domain;
    if (name == "extension")
        return extension;
    if (name == "home")
        return home;
    if (name == "shell")
        return shell;
    if (name == "recipient_delimiter")
        return delimiter;
    return std::nullopt;
}

base::Result<Expanded> expand(std::string_view pattern, const Names& names,
                              std::string_view allowed)
{
    const Lookup lookup(names, allowed);
    std::string culprit;
    auto text = config::expand(pattern, lookup, culprit);
    if (!text)
        return text.error();
    return Expanded{std::move(*text), lookup.undefined, lookup.uses_extension};
}

} // namespace local
