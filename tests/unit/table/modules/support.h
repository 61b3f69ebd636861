// SPDX-License-Identifier: Apache-2.0
// What the tests of modules share: settings without a file, a search that keeps what it is given.
#pragma once

#include <gtest/gtest.h>

#include "lib/table/key_template.h"
#include "lib/table/module.h"
#include "lib/table/table_file.h"

namespace test {

class Notes final : public table::Notes {
public:
    void warning(std::string_view text) override { lines.emplace_back(text); }
    std::vector<std::string> lines;
};

class Search final : public table::Search {
public:
    explicit Search(std::string key) : key_(std::move(key)) {}
    const std::string& key() const override { return key_; }
    bool expand(const std::string& text, const table::Quote& quote, std::string& out) override
    {
        auto made = table::KeyTemplate::parse(text);
        return made && made->expand_query(table::AddressParts(key_), quote, out);
    }
    bool add(std::string_view value) override
    {
        values.emplace_back(value);
        return values.size() < limit;
    }
    std::vector<std::string> values;
    std::size_t limit = 1000;

private:
    std::string key_;
};

inline table::TableSettings settings(table::Module& module, std::string_view text)
{
    table::Warnings warnings;
    auto read = table::parse_table_settings(text, "x.cf", module.settings(), warnings);
    if (!read || !warnings.empty())
        ADD_FAILURE() << (read ? warnings.front() : read.error().text);
    return read ? *read : table::TableSettings{};
}

// What opening a table with this file says; empty when it succeeds.
inline std::string why_not(table::Module& module, std::string_view text)
{
    Notes notes;
    auto opened = module.open(settings(module, text), notes);
    return opened ? "" : opened.error().text;
}

// What any module of an SQL server does without one.
inline void expect_a_query_is_wanted(table::Module& module)
{
    EXPECT_EQ(why_not(module, "hosts = a\n"), "query is missing");
    EXPECT_EQ(why_not(module, "query = SELECT 1\n"), "");
}

inline void expect_missing_servers_are_told(table::Module& module, const std::string& kind)
{
    Notes notes;
    auto opened = module.open(
        settings(module, "hosts = unix:/nonexistent inet:127.0.0.1:1\nquery = SELECT '%u'\n"),
        notes);
    ASSERT_TRUE(opened);
    Search search("user@x.org");
    auto done = (*opened)->search(search);
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().temporary());
    ASSERT_EQ(notes.lines.size(), 2U);
    const std::string connect = "connect to " + kind + " server ";
    EXPECT_TRUE(notes.lines[0].starts_with(connect + "/nonexistent: ")) << notes.lines[0];
    EXPECT_TRUE(notes.lines[1].starts_with(connect + "127.0.0.1:1: ")) << notes.lines[1];
    Search unfit("@x.org");
    EXPECT_TRUE((*opened)->search(unfit)); // Known without a server.
}

} // namespace test
