// SPDX-License-Identifier: Apache-2.0
// Listening sockets over reloads and from one master to the next.
#include "master/listeners.h"

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/net/socket.h"
#include "tests/unit/temporary_directory.h"

namespace {

using master::Endpoint;
using master::Listeners;
using master::ServiceSpec;

class Sockets : public testing::Test {
protected:
    ServiceSpec service(const std::string& name, Endpoint::Kind kind = Endpoint::Kind::Stream)
    {
        ServiceSpec spec;
        spec.entry.name = name;
        spec.entry.file = "master.cf";
        spec.entry.line = 7;
        spec.endpoints = {{kind, {}, directory + "/" + name, false}};
        return spec;
    }
    bool exists(const std::string& name) { return std::filesystem::exists(directory + "/" + name); }

    tests::TemporaryDirectory folder;
    std::string directory = folder.path();
    master::SocketOwner owner{::getuid(), ::getgid()};
    config::Faults faults;
    Listeners listeners;
};

TEST_F(Sockets, ThatStayAreNotTouchedByAReload)
{
    auto stays = service("stays");
    auto goes = service("goes");
    ASSERT_TRUE(listeners.open({stays, goes}, owner, faults));
    int before = listeners.of(stays).at(0);
    ASSERT_TRUE(listeners.open({stays, service("comes")}, owner, faults));
    listeners.drop_unused({stays, service("comes")});
    EXPECT_EQ(listeners.of(stays).at(0), before);
    EXPECT_TRUE(listeners.of(goes).empty());
    EXPECT_FALSE(exists("goes"));
    EXPECT_TRUE(exists("comes"));
}

TEST_F(Sockets, AFaultChangesNothingAndAllFaultsAreTold)
{
    auto good = service("good");
    EXPECT_FALSE(
        listeners.open({good, service("no/directory"), service("no/other")}, owner, faults));
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_EQ(faults[0].line, 7);
    EXPECT_NE(faults[0].hint.find("postfix check"), std::string::npos);
    EXPECT_TRUE(listeners.of(good).empty());
}

TEST_F(Sockets, AFileThatSomebodyRemovedIsMadeAgain)
{
    auto one = service("one");
    ASSERT_TRUE(listeners.open({one}, owner, faults));
    std::filesystem::remove(directory + "/one");
    ASSERT_TRUE(listeners.open({one}, owner, faults));
    EXPECT_TRUE(exists("one"));
}

TEST_F(Sockets, AnAddressThatTheMachineLacksMayBeOptional)
{
    ServiceSpec spec = service("x");
    spec.endpoints = {{Endpoint::Kind::Inet, *net::Address::parse("127.0.0.1", 0), {}, false},
                      {Endpoint::Kind::Inet, *net::Address::parse("192.0.2.77", 0), {}, true}};
    EXPECT_TRUE(listeners.open({spec}, owner, faults));
    EXPECT_EQ(listeners.of(spec).size(), 1u);
    spec.endpoints[1].optional = false;
    EXPECT_FALSE(listeners.open({spec}, owner, faults));
}

TEST_F(Sockets, GoFromOneMasterToTheNext)
{
    auto one = service("one");
    auto two = service("two", Endpoint::Kind::Datagram);
    ASSERT_TRUE(listeners.open({one, two}, owner, faults));
    std::string description = listeners.describe();
    std::vector<int> kept;
    for (int fd : listeners.all()) { // As if by inheritance.
        int copy = ::fcntl(fd, F_DUPFD, 100);
        auto at = description.find(base::cat(fd, " "));
        description.replace(at, std::to_string(fd).size(), std::to_string(copy));
        kept.push_back(copy);
    }
    Listeners next;
    next.adopt(description + "999999 unix:nonsense\nx y\n0 unix:stdin\n\n");
    EXPECT_EQ(next.all().size(), 2u);
    ASSERT_TRUE(next.open({one, two}, owner, faults));
    EXPECT_EQ(next.of(one).size() + next.of(two).size(), 2u);
    EXPECT_GE(next.of(one).at(0), 100);
    EXPECT_NE(::fcntl(next.of(one).at(0), F_GETFD) & FD_CLOEXEC, 0);
}

} // namespace
