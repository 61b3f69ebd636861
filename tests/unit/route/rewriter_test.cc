// SPDX-License-Identifier: Apache-2.0
// Rewriting; the rows are what Postfix 3.7 answers, except where a note says otherwise.
#include "lib/route/rewriter.h"

#include <gtest/gtest.h>

namespace route {
namespace {

const Rewriter::Rules rules{.origin = "host.us.example", .domain = "us.example"};

TEST(Rewriter, CompletesOwnAddresses)
{
    Rewriter rewriter(rules);
    struct {
        std::string_view input, want;
    } cases[] = {
        {"", ""},
        {"user", "user@host.us.example"},
        {"user@host", "user@host"},
        {"user@host.dom.", "user@host.dom"},
        {"user@host..", "user@host.."},
        {"user@", "user@"},
        {"user@.", "user@."},
        {"@a,@b:user@c", "user@c"},
        {"@a:user", "user@host.us.example"},
        {"user%dom", "user@dom"},
        {"user%dom.x", "user@dom.x"},
        {"dom!user", "user@dom"},
        {"a!b!c", "b!c@a"},
        {"a!b@c.d", "a!b@c.d"},
        {"a%b@c.d", "a%b@c.d"},
        {"user%a%b.c", "user%a@b.c"},
        {"a.b!user%dom.z", "user%dom.z@a.b"},
        {"a b@c", "a b@c"},
        {"user@[1.2.3.4]", "user@[1.2.3.4]"},
        {"user@[1.2.3.4].", "user@[1.2.3.4]"},
        {"user@a@b", "user@a@b"},
        {"user..", "user..@host.us.example"},
        {".user", ".user@host.us.example"},
        {"!user", "user@"},
        {"user!", "@user"},
        {"%user", "@user"},
        {"user%", "user@"},
        {"a b!c", "a b!c@host.us.example"}, // Needs quotation marks: one word.
    };
    for (const auto& one : cases)
        EXPECT_EQ(rewriter.rewrite(one.input, Context::Local), one.want) << one.input;
}

TEST(Rewriter, LeavesStrangersAddressesIncomplete)
{
    Rewriter rewriter(rules);
    struct {
        std::string_view input, want;
    } cases[] = {
        {"user", "user"}, {"user@host", "user@host"},          {"a!b", "b@a"},
        {"a%b", "a@b"},   {"user@host.dom.", "user@host.dom"}, {"@x:user@a.b", "user@a.b"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(rewriter.rewrite(one.input, Context::Remote), one.want) << one.input;
    Rewriter::Rules named = rules;
    named.remote_origin = "domain.invalid";
    EXPECT_EQ(Rewriter(named).rewrite("user", Context::Remote), "user@domain.invalid");
}

TEST(Rewriter, FollowsItsSwitches)
{
    Rewriter::Rules off = rules;
    off.percent_hack = false;
    off.swap_bangpath = false;
    EXPECT_EQ(Rewriter(off).rewrite("a%b", Context::Local), "a%b@host.us.example");
    EXPECT_EQ(Rewriter(off).rewrite("a!b", Context::Local), "a!b@host.us.example");
    Rewriter::Rules dot = rules;
    dot.append_dot_domain = true;
    EXPECT_EQ(Rewriter(dot).rewrite("a@b", Context::Local), "a@b.us.example");
    EXPECT_EQ(Rewriter(dot).rewrite("a@[b", Context::Local), "a@[b");
    EXPECT_EQ(Rewriter(dot).rewrite("a@", Context::Local), "a@");
    Rewriter::Rules bare = rules;
    bare.append_at_origin = false;
    EXPECT_EQ(Rewriter(bare).rewrite("a", Context::Local), "a");
}

} // namespace
} // namespace route
