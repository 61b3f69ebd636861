// SPDX-License-Identifier: Apache-2.0
// DNS messages into records: good ones, and those of liars.
#include <gtest/gtest.h>

#include "services/resolver/dns_answer.h"
#include "tests/unit/services/resolver/packet.h"

namespace resolver {

using ipc::resolver::Status;

enum : unsigned { A = 1, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28, SRV = 33 };

static const std::string p = owner_pointer;
static const std::string four{"\xc0\x00\x02\x01", 4};

struct Case {
    const char* name;
    unsigned type;
    unsigned code;
    std::vector<std::string> answers;
    Status status;
    std::vector<std::string> want; // Data of the records.
};

static std::string odd_label(std::string label)
{
    return static_cast<char>(label.size()) + label + std::string("\4host\0", 6);
}

static std::vector<Case> cases()
{
    const std::string loop{"\xc0\x28", 2}; // Points to itself from the data of the first answer.
    const std::string mx = u16(10) + wire("mx.test");
    return {
        {"an address", A, 0, {record(p, A, four)}, Status::Ok, {"192.0.2.1"}},
        {"IPv6", AAAA, 0, {record(p, AAAA, std::string(15, '\0') + '\1')}, Status::Ok, {"::1"}},
        {"an exchange", MX, 0, {record(p, MX, mx)}, Status::Ok, {"mx.test"}},
        {"a null MX", MX, 0, {record(p, MX, u16(0) + wire(""))}, Status::Ok, {""}},
        {"text of two strings", TXT, 0, {record(p, TXT, "\3abc\2de")}, Status::Ok, {"abcde"}},
        {"a service",
         SRV,
         0,
         {record(p, SRV, u16(1) + u16(2) + u16(25) + wire("h.test"))},
         Status::Ok,
         {"h.test"}},
        {"an alias",
         A,
         0,
         {record(p, CNAME, wire("b.test")), record(wire("B.test"), A, four)},
         Status::Ok,
         {"192.0.2.1"}},
        {"nothing", A, 0, {}, Status::NoData, {}},
        {"an alias to nothing", A, 0, {record(p, CNAME, wire("b.test"))}, Status::NoData, {}},
        {"no such domain", A, 3, {}, Status::NoDomain, {}},
        {"no such domain, and records", A, 3, {record(p, A, four)}, Status::NoDomain, {}},
        {"server failure", A, 2, {}, Status::TemporaryFailure, {}},
        {"refused", A, 5, {}, Status::TemporaryFailure, {}},
        {"another name's record", A, 0, {record(wire("evil.test"), A, four)}, Status::NoData, {}},
        {"another class", A, 0, {record(p, A, four, 60, 3)}, Status::NoData, {}},
        {"another type", MX, 0, {record(p, A, four)}, Status::NoData, {}},
        {"a short address", A, 0, {record(p, A, "\1\2\3")}, Status::TemporaryFailure, {}},
        {"a short address and a good one",
         A,
         0,
         {record(p, A, "\1"), record(p, A, four)},
         Status::Ok,
         {"192.0.2.1"}},
        {"a short MX before a good one",
         MX,
         0,
         {record(p, MX, "\1"), record(p, MX, mx)},
         Status::Ok,
         {"mx.test"}},
        {"an empty MX at the end", MX, 0, {record(p, MX, "")}, Status::TemporaryFailure, {}},
        {"an MX with a tail", MX, 0, {record(p, MX, mx + "x")}, Status::TemporaryFailure, {}},
        {"a short SRV", SRV, 0, {record(p, SRV, u16(1) + u16(2))}, Status::TemporaryFailure, {}},
        {"text beyond its end",
         TXT,
         0,
         {record(p, TXT,
                 "\x09"
                 "abc")},
         Status::TemporaryFailure,
         {}},
        {"a pointer to itself", PTR, 0, {record(p, PTR, loop)}, Status::TemporaryFailure, {}},
        {"a label of 64",
         PTR,
         0,
         {record(p, PTR, odd_label(std::string(64, 'a')))},
         Status::TemporaryFailure,
         {}},
        {"a newline in a name",
         PTR,
         0,
         {record(p, PTR, odd_label("a\nb"))},
         Status::TemporaryFailure,
         {}},
        {"a quote in a name",
         PTR,
         0,
         {record(p, PTR, odd_label("a\"b"))},
         Status::TemporaryFailure,
         {}},
        {"a dot in a label",
         PTR,
         0,
         {record(p, PTR, odd_label("a.b"))},
         Status::TemporaryFailure,
         {}},
        {"UTF-8 in a name",
         PTR,
         0,
         {record(p, PTR, odd_label("caf\xc3\xa9"))},
         Status::TemporaryFailure,
         {}},
        {"the root as a name", PTR, 0, {record(p, PTR, wire(""))}, Status::TemporaryFailure, {}},
        {"an alias that loops",
         A,
         0,
         {record(p, CNAME, wire("b.test")), record(wire("b.test"), CNAME, wire("a.test")),
          record(p, CNAME, wire("b.test"))},
         Status::NoData,
         {}},
    };
}

TEST(DnsAnswer, BecomesRecordsOrAStatus)
{
    for (const auto& c : cases()) {
        auto answer = parse_answer(packet("a.test", c.type, c.code, c.answers),
                                   static_cast<std::uint16_t>(c.type));
        EXPECT_EQ(answer.status, c.status) << c.name;
        std::vector<std::string> data;
        for (const auto& found : answer.records)
            data.push_back(found.data);
        EXPECT_EQ(data, c.want) << c.name;
    }
}

TEST(DnsAnswer, IsNeverReadBeyondItsEnd)
{
    for (const auto& c : cases()) {
        auto whole = packet("a.test", c.type, c.code, c.answers);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            std::string part = whole.substr(0, size); // Of its own, so that ASan sees more.
            auto answer = parse_answer(part, static_cast<std::uint16_t>(c.type));
            EXPECT_EQ(answer.status, Status::TemporaryFailure) << c.name << " at " << size;
        }
    }
}

TEST(DnsAnswer, LeavesOutWhatIsTooMuch)
{
    std::vector<std::string> many(3000, record(p, A, four)), chain;
    auto answer = parse_answer(packet("a.test", A, 0, many), A);
    EXPECT_EQ(answer.records.size(), record_limit);
    for (int i = 0; i < 100; ++i)
        chain.push_back(record(i == 0 ? p : wire("n" + std::to_string(i)), CNAME,
                               wire("n" + std::to_string(i + 1))));
    chain.push_back(record(wire("n100"), A, four));
    EXPECT_EQ(parse_answer(packet("a.test", A, 0, chain), A).status, Status::TemporaryFailure);
}

TEST(DnsAnswer, TellsTheLeastTimeToLiveAndTheAlias)
{
    auto answer = parse_answer(
        packet("a.test", A, 0,
               {record(p, CNAME, wire("b.test"), 7), record(wire("b.test"), A, four, 9)}),
        A);
    EXPECT_EQ(answer.ttl, 7u);
    EXPECT_EQ(answer.canonical, "b.test");
}

TEST(ReverseDomain, IsMadeOfAddressBytes)
{
    EXPECT_EQ(reverse_domain(four), "1.2.0.192.in-addr.arpa");
    std::string six(15, '\0');
    std::string zeros;
    for (int i = 0; i < 30; ++i)
        zeros += "0.";
    EXPECT_EQ(reverse_domain(six + '\x1f'), "f.1." + zeros + "ip6.arpa");
}

} // namespace resolver
