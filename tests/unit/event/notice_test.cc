// SPDX-License-Identifier: Apache-2.0
// Notices and mailboxes.
#include "lib/event/notice.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "lib/base/task.h"

using namespace std::chrono_literals;
using base::Deadline;
using base::Task;

namespace {

Task<void> wait(events::Notice& notice, Deadline deadline, std::string& trace, char name)
{
    bool in_time = co_await notice.wait(deadline);
    trace.push_back(in_time ? name : '!');
}

TEST(Notice, WakesAllInTheOrderInWhichTheyCame)
{
    events::Loop loop;
    events::Notice notice(loop);
    std::string trace;
    base::Scope scope;
    for (char name : {'a', 'b', 'c', 'd'})
        scope.spawn(wait(notice, Deadline::never(), trace, name));
    notice.notify();
    EXPECT_EQ(trace, "") << "on the next turn, not inside notify";
    loop.run();
    EXPECT_EQ(trace, "abcd");
}

TEST(Notice, ThoseWhoLeaveFromTheMiddleOrTheEndAreForgotten)
{
    events::Loop loop;
    events::Notice notice(loop);
    std::string trace;
    base::Scope first, middle, last, later;
    first.spawn(wait(notice, Deadline::never(), trace, 'a'));
    middle.spawn(wait(notice, Deadline::never(), trace, 'b'));
    last.spawn(wait(notice, Deadline::never(), trace, 'c'));
    middle.cancel();
    last.cancel();
    later.spawn(wait(notice, Deadline::never(), trace, 'd'));
    notice.notify();
    later.cancel(); // Woken, but gone before its turn.
    loop.run();
    EXPECT_EQ(trace, "a");
}

TEST(Notice, ADeadlinePasses)
{
    events::Loop loop;
    events::Notice notice(loop);
    std::string trace;
    base::Scope scope;
    scope.spawn(wait(notice, loop.clock().after(2ms), trace, 'a'));
    loop.run();
    notice.notify();
    loop.run();
    EXPECT_EQ(trace, "!");
}

TEST(Notice, MayEndBeforeThoseWhoWait)
{
    events::Loop loop;
    std::string trace;
    auto notice = std::make_unique<events::Notice>(loop);
    base::Scope scope;
    scope.spawn(wait(*notice, Deadline::never(), trace, 'a'));
    notice.reset();
    scope.cancel();
    EXPECT_EQ(trace, "");
}

TEST(Mailbox, KeepsWhatWasPutBeforeAnybodyLooked)
{
    events::Loop loop;
    events::Mailbox<std::string> box(loop);
    EXPECT_FALSE(box.full());
    box.put("letter");
    EXPECT_TRUE(box.full());
    EXPECT_EQ(box.take(), "letter");
}

} // namespace
