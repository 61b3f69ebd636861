// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lib/base/strings.h"
#include "lib/search/command_line.h"
#include "lib/search/groups.h"

namespace search {
namespace {

using queue::IndexField;

const base::WallTime now = base::from_unix_seconds(1'700'000'000);

queue::IndexEntry entry()
{
    queue::IndexEntry made;
    made.id = "ABCDEF1";
    made.arrival = now - std::chrono::hours(3);
    made.size = 5000;
    made.sender = "Boss@Sender.example";
    made.recipient_count = 2;
    made.recipients = {{"joe@one.example",
                        "relay.example",
                        "host x said: 451 try later",
                        {mail::FailureClass::Policy, false}},
                       {"ann@Two.example",
                        "two.example",
                        "connection refused",
                        {mail::FailureClass::Network, false}}};
    return made;
}

struct Row {
    std::vector<Term> terms;
    bool matches;
};

TEST(Filter, MatchesWhatItsTermsSay)
{
    using enum TermKind;
    const Row rows[] = {
        {{}, true},
        {{{Sender, "boss@sender.EXAMPLE"}}, true},
        {{{Sender, "<boss@sender.example>"}}, true},
        {{{Sender, "boss"}}, false},
        {{{Sender, "@sender.example"}}, true},
        {{{Sender, "@example"}}, false},
        {{{Sender, "*.example"}}, true},
        {{{Sender, "b?ss@*"}}, true},
        {{{Sender, "<>"}}, false},
        {{{Sender, "x@y"}, {Sender, "@sender.example"}}, true}, // Of one name: any.
        {{{Recipient, "ann@two.example"}}, true},
        {{{Recipient, "@one.example"}}, true},
        {{{Recipient, "nobody@one.example"}}, false},
        {{{Destination, "relay.example"}}, true},
        {{{Destination, "one.example"}}, true}, // The domain, wherever it is sent.
        {{{Destination, "@one.example"}}, true},
        {{{Destination, "three.example"}}, false},
        {{{Reason, "Try Later"}}, true},
        {{{Reason, "host ? said*"}}, true},
        {{{Reason, "said*"}}, false},
        {{{Class, "network"}}, true},
        {{{Class, "net*"}}, true},
        {{{Class, "dns"}}, false},
        {{{Class, "none"}}, false},
        {{{Older, "2h"}}, true},
        {{{Older, "4h"}}, false},
        {{{Newer, "4h"}}, true},
        {{{Newer, "2h"}}, false},
        {{{Older, "2h"}, {Newer, "1d"}}, true},
        {{{Larger, "4999"}}, true},
        {{{Larger, "5000"}}, false},
        {{{Larger, "4k"}}, true},
        {{{Larger, "1M"}}, false},
        {{{Queue, "deferred"}}, true},
        {{{Queue, "hold"}}, false},
        {{{Queue, "hold"}, {Queue, "deferred"}}, true},
        {{{Sender, "@sender.example"}, {Recipient, "ann@*"}}, true},
        {{{Sender, "@sender.example"}, {Recipient, "bob@*"}}, false},
        {{{Recipient, "joe@*"}, {Class, "policy"}}, true},
        {{{Recipient, "joe@*"}, {Class, "network"}}, false}, // Of another recipient.
    };
    for (const Row& row : rows) {
        auto filter = Filter::make(row.terms, now);
        ASSERT_TRUE(filter) << filter.error().text;
        const std::string first =
            row.terms.empty() ? "none"
                              : base::cat(term_name(row.terms[0].kind), " ", row.terms[0].value);
        EXPECT_EQ(filter->matches(entry()), row.matches) << first;
        // A key that is used to find candidates must not lose any.
        bool by_key = filter->keys().empty();
        for (const auto& key : filter->keys())
            by_key = by_key || has_key(entry(), key);
        EXPECT_TRUE(by_key || !row.matches) << first;
    }
}

TEST(Filter, RefusesWhatItCannotUnderstand)
{
    using enum TermKind;
    const Term bad[] = {{Sender, ""},
                        {Older, "soon"},
                        {Older, "-2h"},
                        {Newer, "2 parsecs"},
                        {Larger, "big"},
                        {Larger, "k"},
                        {Larger, "-1"},
                        {Larger, "99999999999999999999"},
                        {Larger, "99999999999999999G"},
                        {Queue, "corrupt"},
                        {Class, "net"},
                        {Queue, "corrupt"},
                        {Queue, "x"},
                        {Recipient, std::string(3000, 'x')}};
    for (const Term& term : bad)
        EXPECT_FALSE(Filter::make(std::span(&term, 1), now)) << term.value.substr(0, 50);
    EXPECT_FALSE(Filter::make(std::vector<Term>(1000, Term{Sender, "x"}), now));
}

TEST(Filter, LeadsToTheIndexWhereItCan)
{
    using enum TermKind;
    const auto keys = [](std::vector<Term> terms) { return Filter::make(terms, now)->keys(); };
    using Keys = std::vector<Filter::Key>;
    EXPECT_EQ(keys({{Recipient, "A@b"}}), (Keys{{IndexField::Recipient, "a@b"}}));
    EXPECT_EQ(keys({{Recipient, "@b"}, {Sender, "s@x"}}), (Keys{{IndexField::Domain, "b"}}));
    EXPECT_EQ(keys({{Sender, "s@x"}}), (Keys{{IndexField::Sender, "s@x"}}));
    EXPECT_EQ(keys({{Sender, "@x"}}), Keys{});
    EXPECT_EQ(keys({{Destination, "d"}}),
              (Keys{{IndexField::Destination, "d"}, {IndexField::Domain, "d"}}));
    EXPECT_EQ(keys({{Class, "dns"}}), (Keys{{IndexField::Class, "dns"}}));
    EXPECT_EQ(keys({{Recipient, "a*"}, {Reason, "x"}}), Keys{});
    EXPECT_EQ(keys({{Recipient, "a*"}, {Recipient, "b@c"}}), Keys{});
}

TEST(Pattern, TakesLinearTimeForEachStar)
{
    const Pattern pattern(std::string(200, '*') + "x", Pattern::Plain::Whole);
    EXPECT_FALSE(pattern.matches(std::string(100'000, 'a')));
    const Pattern stars("*a*a*a*a*b", Pattern::Plain::Whole);
    EXPECT_FALSE(stars.matches(std::string(20'000, 'a')));
    EXPECT_TRUE(stars.matches(std::string(20'000, 'a') + "b"));
}

TEST(Groups, CountAMessageOnceInEachGroup)
{
    auto filter = Filter::make({}, now);
    Groups groups;
    auto both = entry();
    both.recipients[1].destination = "Relay.Example";
    groups.add(both, *filter, GroupBy::Destination);
    groups.add(entry(), *filter, GroupBy::Destination);
    EXPECT_EQ(groups.all().at("relay.example"), (Group{2, 3, 10'000, now - std::chrono::hours(3)}));
    EXPECT_EQ(groups.all().at("two.example").recipients, 1u);

    const Term term{TermKind::Class, "network"};
    auto network = Filter::make(std::span(&term, 1), now);
    for (const auto by : {GroupBy::Sender, GroupBy::Domain, GroupBy::Reason, GroupBy::Class}) {
        Groups some;
        some.add(entry(), *network, by);
        ASSERT_EQ(some.size(), 1u); // The other recipient is not meant.
        EXPECT_EQ(some.all().begin()->second.recipients, 1u);
        EXPECT_EQ(group_of_name(group_name(by)), by);
    }
    EXPECT_FALSE(group_of_name("weather"));
}

TEST(CommandLine, HasAnOptionForEachTerm)
{
    std::vector<option> table;
    add_term_options(table);
    ASSERT_EQ(table.size(), term_kinds);
    std::vector<Term> terms;
    for (const option& row : table)
        EXPECT_TRUE(take_term(row.val, "x", terms));
    EXPECT_FALSE(take_term('c', "x", terms));
    for (std::size_t i = 0; i < term_kinds; ++i) {
        EXPECT_EQ(term_name(terms[i].kind), table[i].name);
        EXPECT_EQ(term_of_name(table[i].name), terms[i].kind);
    }
}

} // namespace
} // namespace search
