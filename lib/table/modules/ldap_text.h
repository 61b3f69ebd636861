// SPDX-License-Identifier: Apache-2.0
// Texts for LDAP: parts of a key in a filter and in a name, the addresses of servers.
#pragma once

#include <string>
#include <string_view>

namespace table {

// RFC 4515 3: a value in a filter.
bool quote_filter(std::string_view part, std::string& out);

// RFC 4514 2.4: a value in a distinguished name.
bool quote_name(std::string_view part, std::string& out);

// The URLs of server_host: those that it has, and ldap:// before other words, with `port` behind
// those without one.
std::string server_urls(const std::string& server_host, long port);

} // namespace table
