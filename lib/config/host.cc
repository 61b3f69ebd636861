// SPDX-License-Identifier: Apache-2.0
// The machine's name and domain; see host.h.
#include "lib/config/host.h"

#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/strings.h"
#include "lib/config/main_cf.h"
#include "lib/config/own_addresses.h"

namespace config {

std::string kernel_host_name()
{
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0')
        return "localhost";
    return name;
}

std::string full_host_name(std::string_view host, std::string_view domain)
{
    if (host.find('.') != std::string_view::npos)
        return std::string(host);
    return base::cat(host, ".", domain);
}

std::string domain_of_host(std::string_view host)
{
    auto dot = host.find('.');
    if (dot == std::string_view::npos || dot + 1 == host.size())
        return std::string(kLocalDomain);
    return std::string(host.substr(dot + 1));
}

// mydomain counts for the host name only when it is set, for its own default asks for myhostname.
std::optional<Meaning> computed_default(const MainCf& main, std::string_view name)
{
    if (name == "myhostname") {
        bool has_domain = main.find("mydomain") != nullptr;
        return Meaning{full_host_name(kernel_host_name(), has_domain ? "$mydomain" : kLocalDomain)};
    }
    if (name == "mydomain")
        return Meaning{"$myhostname", domain_of_host};
    if (name == "mynetworks")
        return Meaning{"$mynetworks_style;$inet_interfaces;$inet_protocols", own_networks};
    return std::nullopt;
}

base::Result<void> read_origin(MainCf& main)
{
    constexpr std::size_t size_limit = 4096;
    const auto value = main.expanded("myorigin");
    if (!value || !value->starts_with('/'))
        return {};
    auto text = base::read_file(*value, size_limit);
    if (!text)
        return base::permanent(base::cat("myorigin: ", text.error().text));
    const std::string_view name = base::trim(std::string_view(*text).substr(0, text->find('\n')));
    if (name.empty())
        return base::permanent(base::cat("myorigin: ", *value, ": the first line is empty"));
    main.set("myorigin", name, *value, 1);
    return {};
}

} // namespace config
