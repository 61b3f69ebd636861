// SPDX-License-Identifier: Apache-2.0
// Packets between master and its workers.
#include "lib/ipc/control.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "lib/base/fd.h"

namespace {

using namespace ipc::control;

TEST(Control, ReportsAndOrdersCross)
{
    auto pair = *base::socket_pair(SOCK_SEQPACKET);
    int here = pair.first.number();
    int there = pair.second.number();
    EXPECT_TRUE(receive_report(here).error().temporary()) << "nothing has come";
    ASSERT_TRUE(send_report(there, {State::Full, 70'000}));
    auto report = receive_report(here);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->state, State::Full);
    EXPECT_EQ(report->clients, 70'000u);
    ASSERT_TRUE(send_order(here, Order::Wakeup));
    EXPECT_EQ(receive_order(there).value(), Order::Wakeup);
}

TEST(Control, NonsenseAndTheEndArePermanent)
{
    for (std::string_view packet : {"", "\x01", "\x09\1\1\1\1", "much too long a packet"}) {
        auto pair = *base::socket_pair(SOCK_SEQPACKET);
        ASSERT_EQ(::send(pair.second.number(), packet.data(), packet.size(), 0),
                  static_cast<ssize_t>(packet.size()));
        EXPECT_FALSE(receive_report(pair.first.number()).error().temporary()) << packet.size();
    }
    auto pair = *base::socket_pair(SOCK_SEQPACKET);
    pair.second.reset();
    EXPECT_FALSE(receive_order(pair.first.number()).error().temporary());
    EXPECT_FALSE(send_order(pair.first.number(), Order::Retire));
}

} // namespace
