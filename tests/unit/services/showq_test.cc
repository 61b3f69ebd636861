// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "lib/queue/listing_wire.h"
#include "services/showq/report.h"
#include "tests/unit/queue/queue_fixture.h"

namespace showq {
namespace {

struct Collect final : queue::ListingParser::Sink {
    void take(const queue::ListedMessage& message) override { messages.push_back(message); }
    std::vector<queue::ListedMessage> messages;
};

class ShowqTest : public queue::QueueTest {
protected:
    ShowqTest()
    {
        auto pair = std::move(base::socket_pair(SOCK_STREAM)).value();
        server_.emplace(loop_, std::move(pair.first));
        client_ = std::move(pair.second);
    }

    // Reads what is there; false at the end.
    bool read_some(queue::ListingParser& parser)
    {
        char room[8192];
        const ssize_t got = ::recv(client_.number(), room, sizeof room, MSG_DONTWAIT);
        if (got > 0) {
            EXPECT_TRUE(parser.feed({room, static_cast<std::size_t>(got)}));
        }
        return got != 0;
    }

    events::Loop loop_;
    std::optional<net::Stream> server_;
    base::Fd client_;
    base::Scope scope_;
};

TEST_F(ShowqTest, SendsEveryMessageToASlowReader)
{
    queue::Message message = queue::sample_message();
    message.recipients.assign(100, {std::string(100, 'r') + "@example.org", "", "", 0});
    for (int i = 0; i < 200; ++i)
        put(message, i % 2 == 0 ? queue::Queue::Deferred : queue::Queue::Hold);
    scope_.spawn(report(*server_, queue_, std::chrono::minutes(1)));
    Collect sink;
    queue::ListingParser parser{sink};
    for (int turns = 0; !parser.complete() && turns < 100'000; ++turns) {
        loop_.turn(std::chrono::milliseconds(0));
        read_some(parser);
    }
    EXPECT_TRUE(parser.complete());
    EXPECT_EQ(sink.messages.size(), 200u);
    EXPECT_TRUE(scope_.empty());
}

TEST_F(ShowqTest, EndsWhenTheClientGoes)
{
    queue::Message message = queue::sample_message();
    message.recipients.assign(5000, {std::string(100, 'r') + "@example.org", "", "", 0});
    for (int i = 0; i < 20; ++i)
        put(message, queue::Queue::Deferred);
    scope_.spawn(report(*server_, queue_, std::chrono::minutes(1)));
    EXPECT_FALSE(scope_.empty());
    client_.reset();
    for (int turns = 0; !scope_.empty() && turns < 1000; ++turns)
        loop_.turn(std::chrono::milliseconds(10));
    EXPECT_TRUE(scope_.empty());
}

TEST_F(ShowqTest, GivesUpOnAClientThatDoesNotRead)
{
    queue::Message message = queue::sample_message();
    message.recipients.assign(5000, {std::string(100, 'r') + "@example.org", "", "", 0});
    for (int i = 0; i < 20; ++i)
        put(message, queue::Queue::Deferred);
    scope_.spawn(report(*server_, queue_, std::chrono::milliseconds(20)));
    for (int turns = 0; !scope_.empty() && turns < 1000; ++turns)
        loop_.turn(std::chrono::milliseconds(10));
    EXPECT_TRUE(scope_.empty());
}

} // namespace
} // namespace showq
