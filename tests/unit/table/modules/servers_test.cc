// SPDX-License-Identifier: Apache-2.0
// Which server of a database is asked, with servers that fail as told.
#include "lib/table/modules/servers.h"

#include <set>

#include "lib/base/strings.h"
#include "tests/unit/table/modules/support.h"

using namespace std::chrono_literals;

namespace table {
namespace {

using Names = std::vector<std::string>;

class FakeConnection final : public Connection {
public:
    FakeConnection(std::string host, int& open) : name(std::move(host)), open_(open) { ++open_; }
    ~FakeConnection() override { --open_; }
    std::string name;

private:
    int& open_;
};

class ServersTest : public ::testing::Test {
protected:
    std::unique_ptr<Servers> servers(Names hosts, std::chrono::seconds retry = 60s)
    {
        return std::make_unique<Servers>(
            Servers::Settings{"mysql", std::move(hosts), 60s, retry},
            [this](const ServerAddress& address) { return connect(address); },
            [this] { return now_; });
    }
    base::Result<std::unique_ptr<Connection>> connect(const ServerAddress& address)
    {
        connected_.push_back(address.text);
        if (down_.contains(address.text))
            return failure("refused\n");
        return std::unique_ptr<Connection>(std::make_unique<FakeConnection>(address.text, open_));
    }
    std::string ask(Servers& servers)
    {
        std::string answered;
        auto done = servers.ask(
            [&](Connection& connection) -> Reply {
                const std::string& name = static_cast<FakeConnection&>(connection).name;
                if (losing_ > 0 && losing_-- > 0)
                    return {Reply::Kind::Lost, "gone away"};
                if (refuses_)
                    return {Reply::Kind::Refused, "syntax"};
                answered = name;
                return {};
            },
            notes_);
        return done ? answered : "error: " + done.error().text;
    }

    Servers::Time now_ = Servers::Time(1000s);
    std::set<std::string> down_;
    Names connected_;
    int losing_ = 0; // So many answers are lost.
    bool refuses_ = false;
    int open_ = 0;
    test::Notes notes_;
};

TEST(ServerAddress, HasHostAndPort)
{
    const struct {
        std::string_view text, host, port;
        bool is_socket;
    } cases[] = {
        {"host", "host", "", false},
        {"inet:host:3307", "host", "3307", false},
        {"127.0.0.1:mysql", "127.0.0.1", "mysql", false},
        {"[::1]:3306", "::1", "3306", false},
        {"inet:[::1]", "::1", "", false},
        {"::1", "::1", "", false},
        {"unix:/run/mysqld/mysqld.sock", "/run/mysqld/mysqld.sock", "", true},
        {"unix:/run/postgresql:5433", "/run/postgresql", "5433", true},
        {"unix:/run/pg15", "/run/pg15", "", true},
    };
    for (const auto& one : cases) {
        auto address = ServerAddress::parse(one.text);
        EXPECT_EQ(address.host, one.host) << one.text;
        EXPECT_EQ(address.port, one.port) << one.text;
        EXPECT_EQ(address.is_socket, one.is_socket) << one.text;
    }
    EXPECT_EQ(host_list("a, b\n c"), (Names{"a", "b", "c"}));
}

TEST_F(ServersTest, AConnectionIsKept)
{
    auto two = servers({"a", "b"});
    const std::string first = ask(*two);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(ask(*two), first);
    EXPECT_EQ(connected_.size(), 1U);
}

TEST_F(ServersTest, AnyMayBeAskedButSocketsComeFirst)
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(ask(*servers({"a", "b", "c"})));
    EXPECT_EQ(seen, (std::set<std::string>{"a", "b", "c"}));
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(ask(*servers({"a", "unix:/s", "b"})), "/s");
    EXPECT_EQ(ask(*servers({})), "localhost");
}

TEST_F(ServersTest, AnotherOneIsAskedWhenOneIsDown)
{
    down_ = {"/s", "a"};
    auto three = servers({"a", "unix:/s", "b"});
    EXPECT_EQ(ask(*three), "b");
    EXPECT_NE(
        std::find(notes_.lines.begin(), notes_.lines.end(), "connect to mysql server /s: refused"),
        notes_.lines.end());
    down_ = {};
    EXPECT_EQ(ask(*three), "b"); // As long as it works.
}

TEST_F(ServersTest, WhoFailedIsTriedAgainLater)
{
    down_ = {"a", "b"};
    auto two = servers({"a", "b"});
    EXPECT_EQ(ask(*two), "error: no server could be asked");
    EXPECT_EQ(connected_.size(), 2U);
    down_ = {};
    now_ += 59s;
    EXPECT_EQ(ask(*two), "error: no server could be asked, and it is too early to try again");
    EXPECT_EQ(connected_.size(), 2U);
    now_ += 1s;
    EXPECT_EQ(ask(*two).size(), 1U);
    auto hasty = servers({"a"}, 0s);
    down_ = {"a"};
    EXPECT_EQ(ask(*hasty), "error: no server could be asked");
    down_ = {};
    EXPECT_EQ(ask(*hasty), "a");
}

TEST_F(ServersTest, AServerThatWasStartedAnewIsNotDown)
{
    auto one = servers({"a"});
    EXPECT_EQ(ask(*one), "a");
    losing_ = 1;
    EXPECT_EQ(ask(*one), "a");
    EXPECT_EQ(connected_.size(), 2U);
    EXPECT_TRUE(notes_.lines.empty());
    losing_ = 2;
    EXPECT_EQ(ask(*one), "error: no server could be asked");
    EXPECT_EQ(notes_.lines, Names{"mysql query failed: a: gone away"});
    EXPECT_EQ(open_, 0);
}

TEST_F(ServersTest, AQuestionThatIsRefusedIsNoFaultOfTheServer)
{
    auto two = servers({"a", "b"});
    refuses_ = true;
    EXPECT_EQ(ask(*two), "error: query failed: syntax");
    EXPECT_EQ(connected_.size(), 1U);
    EXPECT_EQ(open_, 1);
    refuses_ = false;
    EXPECT_EQ(ask(*two), connected_[0]);
}

TEST_F(ServersTest, IdleConnectionsAreClosed)
{
    auto one = servers({"a"});
    ask(*one);
    now_ += 59s;
    one->tidy();
    EXPECT_EQ(open_, 1);
    now_ += 1s;
    one->tidy();
    EXPECT_EQ(open_, 0);
}

TEST_F(ServersTest, AreSharedAmongTablesThatHaveTheSame)
{
    SharedServers shared;
    auto make = [this] { return std::shared_ptr<Servers>(servers({"a"})); };
    auto a = shared.get("x", make);
    EXPECT_EQ(shared.get("x", make), a);
    EXPECT_NE(shared.get("y", make), a);
    ask(*a);
    now_ += 60s;
    shared.tidy();
    EXPECT_EQ(open_, 0);
    TableSettings one, other;
    one.set("user", {.text = "a", .given = true});
    one.set("password", {.text = "b"});
    other.set("user", {.text = "a1:b", .given = true});
    other.set("password", {.text = ""});
    constexpr std::string_view names[] = {"user", "password"};
    EXPECT_NE(identity_of(one, names), identity_of(other, names));
    EXPECT_EQ(identity_of(one, names), identity_of(TableSettings(one), names));
}

} // namespace
} // namespace table
