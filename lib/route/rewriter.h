// SPDX-License-Identifier: Apache-2.0
// Rewriter: makes an address complete and takes routes out of it. Addresses are in internal form
// (no quotation marks). A local part that RFC 5322 would quote is one word: nothing in it is an
// operator.
#pragma once

#include <string>
#include <string_view>

namespace route {

// Who completes an address: this host's own mail, or mail of strangers.
enum class Context : unsigned char { Local, Remote };

class Rewriter {
public:
    struct Rules {
        std::string origin = {};        // myorigin; empty: append no domain.
        std::string domain = {};        // mydomain
        std::string remote_origin = {}; // remote_header_rewrite_domain; empty: leave as it is.
        bool append_at_origin = true;
        bool append_dot_domain = false;
        bool percent_hack = true;
        bool swap_bangpath = true;
    };
    explicit Rewriter(Rules rules) : rules_(std::move(rules)) {}

    const Rules& rules() const { return rules_; }

    // Removes a source route (RFC 5321 appendix C), reads site!user and user%domain where there is
    // no '@', appends missing domains, strips one final dot. The null address stays null.
    std::string rewrite(std::string_view address, Context context) const;

private:
    Rules rules_;
};

} // namespace route
