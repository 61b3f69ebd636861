// SPDX-License-Identifier: Apache-2.0
// A connection to the servers of an LDAP directory: made when it is needed, kept for the next
// search, shared by tables that have the same servers and login.
#pragma once

#include <chrono>
#include <ldap.h>

#include "lib/table/module.h"

namespace table {

struct FreeMessages {
    void operator()(LDAPMessage* messages) const { ldap_msgfree(messages); }
};
using LdapMessages = std::unique_ptr<LDAPMessage, FreeMessages>;

struct LdapSearch {
    std::string base = {};
    int scope = LDAP_SCOPE_SUBTREE;
    std::string filter = {};
    std::vector<std::string> attributes = {};
};

class LdapConnection {
public:
    explicit LdapConnection(TableSettings settings);
    LdapConnection(const LdapConnection&) = delete;
    ~LdapConnection() { close(); }

    // Parameters that make a connection.
    static std::span<const std::string_view> parameters();
    // What is wrong with them; empty: nothing.
    static std::string why_not(const TableSettings& settings);

    struct Answer {
        int code = LDAP_SUCCESS; // Of LDAP.
        LdapMessages messages = {};
    };
    // Connects first if need be, and once more when a connection that was kept is lost.
    Answer search(const LdapSearch& search, int size_limit, Notes& notes);

    LDAP* handle() { return handle_; }
    void close();
    void close_if_idle();

private:
    int connect(Notes& notes);
    int set_options();
    int set_tls();
    int log_in();
    Answer ask(const LdapSearch& search, int size_limit);
    timeval time_limit() const { return {settings_.number("timeout"), 0}; }

    TableSettings settings_;
    std::string urls_;
    LDAP* handle_ = nullptr;
    std::chrono::steady_clock::time_point used_{};
};

} // namespace table
