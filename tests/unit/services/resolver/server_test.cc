// SPDX-License-Identifier: Apache-2.0
// The resolver's answers from a hosts file and a DNS that says what the test wants.
#include <gtest/gtest.h>

#include "services/resolver/dns_answer.h"
#include "services/resolver/server.h"

namespace resolver {

using base::Task;
using ipc::resolver::Answer;
using ipc::resolver::HostQuery;
using ipc::resolver::PeerName;
using ipc::resolver::Status;

class FakeDns final : public Questions {
public:
    Task<Answer> ask(std::string domain, std::uint16_t type) override
    {
        ++asked;
        auto found = answers.find({domain, type});
        Answer answer;
        answer.status = Status::NoDomain;
        co_return found == answers.end() ? answer : found->second;
    }
    void says(const std::string& domain, std::uint16_t type, Status status,
              const std::vector<std::string>& data = {})
    {
        Answer answer;
        answer.status = status;
        answer.ttl = 30;
        for (const auto& text : data)
            answer.records.push_back({text, 0, 0, 0});
        answers[{domain, type}] = answer;
    }
    std::map<std::pair<std::string, std::uint16_t>, Answer> answers;
    int asked = 0;
};

class ServerTest : public ::testing::Test {
protected:
    static Task<void> host_into(Server& server, HostQuery query, Answer& answer)
    {
        auto found = co_await server.on(std::move(query));
        answer = std::move(*found);
    }
    static Task<void> peer_into(Server& server, std::string address, PeerName& peer)
    {
        ipc::resolver::PeerQuery query{std::move(address)};
        auto found = co_await server.on(std::move(query));
        if (found)
            peer = *found;
        else
            peer.reverse_name = found.error().text;
    }
    Answer host(std::string name, bool four = true, bool six = true, bool native = true)
    {
        Answer answer;
        base::Scope scope;
        scope.spawn(host_into(server, {std::move(name), four, six, native}, answer));
        while (!scope.empty())
            loop.turn(std::chrono::milliseconds(10));
        return answer;
    }
    PeerName peer(std::string address)
    {
        PeerName name;
        base::Scope scope;
        scope.spawn(peer_into(server, std::move(address), name));
        while (!scope.empty())
            loop.turn(std::chrono::milliseconds(10));
        return name;
    }

    events::Loop loop;
    FakeDns dns;
    Hosts hosts{"/nonexistent/hosts"};
    Server server{dns, hosts, loop};
};

TEST_F(ServerTest, TakesTheHostsFileFirstWhenAsked)
{
    hosts.parse("# comment\n192.0.2.7 Alpha.test alpha # more\n2001:db8::7 alpha.test\n"
                "nonsense line\n192.0.2.8\n");
    EXPECT_EQ(host("ALPHA.test").records.size(), 2u);
    EXPECT_EQ(host("alpha.test", true, false).records.at(0).data, "192.0.2.7");
    EXPECT_EQ(dns.asked, 0);
    EXPECT_EQ(host("alpha.test", true, true, false).status, Status::NoDomain);
    EXPECT_EQ(dns.asked, 2);
}

TEST_F(ServerTest, PutsBothFamiliesTogether)
{
    using enum Status;
    struct {
        Status four, six, want;
    } const cases[] = {{Ok, NoData, Ok},
                       {NoData, Ok, Ok},
                       {Ok, TemporaryFailure, Ok},
                       {NoData, NoData, NoData},
                       {NoData, TemporaryFailure, TemporaryFailure},
                       {TemporaryFailure, NoDomain, TemporaryFailure},
                       {Bogus, NoData, Bogus},
                       {NoDomain, NoDomain, NoDomain}};
    for (const auto& c : cases) {
        auto data = [](Status s, const char* text) {
            return s == Ok ? std::vector<std::string>{text} : std::vector<std::string>{};
        };
        dns.says("h.test", 1, c.four, data(c.four, "192.0.2.1"));
        dns.says("h.test", 28, c.six, data(c.six, "2001:db8::1"));
        EXPECT_EQ(host("h.test").status, c.want);
    }
}

TEST_F(ServerTest, ConfirmsAPeersName)
{
    dns.says("1.2.0.192.in-addr.arpa", 12, Status::Ok, {"good.test"});
    dns.says("good.test", 1, Status::Ok, {"192.0.2.9", "192.0.2.1"});
    auto good = peer("192.0.2.1");
    EXPECT_EQ(good.reverse_name, "good.test");
    EXPECT_TRUE(good.confirmed);

    dns.says("2.2.0.192.in-addr.arpa", 12, Status::Ok, {"trusted.test"});
    dns.says("trusted.test", 1, Status::Ok, {"192.0.2.200"});
    EXPECT_FALSE(peer("192.0.2.2").confirmed);

    dns.says("3.2.0.192.in-addr.arpa", 12, Status::TemporaryFailure);
    EXPECT_EQ(peer("192.0.2.3").status, Status::TemporaryFailure);

    dns.says("4.2.0.192.in-addr.arpa", 12, Status::Ok, {"192.0.2.4"});
    auto numeric = peer("192.0.2.4");
    EXPECT_EQ(numeric.reverse_name, "");
    EXPECT_FALSE(numeric.confirmed);
    EXPECT_EQ(peer("not an address").reverse_name, "not a numeric address: not an address");
}

TEST_F(ServerTest, KnowsPeersOfTheHostsFile)
{
    hosts.parse("192.0.2.5 five.test\n");
    auto five = peer("192.0.2.5");
    EXPECT_EQ(five.reverse_name, "five.test");
    EXPECT_TRUE(five.confirmed);
    EXPECT_EQ(dns.asked, 0);
}

} // namespace resolver
