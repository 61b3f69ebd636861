// SPDX-License-Identifier: Apache-2.0
// See manager_fixture.h.
#include "tests/unit/qmgr/manager_fixture.h"

namespace qmgr {

Task<void> FakeBounce::serve(base::Fd fd)
{
    ipc::Channel channel(loop_, std::move(fd));
    Handler handler{*this};
    const ipc::ServeOptions options{.concurrent = 100};
    co_await ipc::serve<ipc::bounce::Protocol>(channel, handler, options);
}

Task<void> FakeBounce::run()
{
    events::Watch watch(loop_, listener_.number());
    while (true) {
        auto client = net::accept_one(listener_.number());
        if (client && *client)
            scope_.spawn(serve(std::move((*client)->fd)));
        else
            co_await watch.readable(base::Deadline::never());
    }
}

ManagerTest::ManagerTest() : before_(std::filesystem::current_path())
{
    std::filesystem::current_path(folder_.path());
    disk_ = std::move(queue::SystemDisk::open(folder_.path())).value();
    directories_ = std::make_unique<queue::Directories>(*disk_, queue::Directories::Options{});
    auto made = directories_->create_missing({::getuid(), ::getuid(), ::getgid()});
    EXPECT_TRUE(made);
    base::set_log_sink(&log_);
    bounce_ = std::make_unique<FakeBounce>(loop_, "private/bounce");
    bounce_->start();
}

ManagerTest::~ManagerTest()
{
    kill();
    bounce_.reset();
    std::filesystem::current_path(before_);
}

void ManagerTest::kill()
{
    scope_.reset();
    manager_.reset();
    scheduler_.reset();
}

void ManagerTest::start()
{
    kill();
    scheduler_ = std::make_unique<Scheduler>(limits_, catalog_, 1);
    retry_ = std::make_unique<RetryPolicy>(times_, 1);
    auto index = queue::Index::open({.path = folder_.path() + "/queue_index"});
    ASSERT_TRUE(index) << index.error().text;
    Manager::Parts parts{loop_,
                         *directories_,
                         std::move(*index),
                         router_,
                         agents_,
                         *scheduler_,
                         *retry_,
                         queue_run_delay_,
                         active_limit_,
                         &error_log_,
                         [this] { ++working_; },
                         [this] { --working_; }};
    parts.notices = notices_;
    parts.keeps_badmail = keeps_badmail_;
    parts.verp_filter = "-=+";
    manager_ = std::make_unique<Manager>(std::move(parts));
    base::set_log_sink(&log_);
    scope_ = std::make_unique<base::Scope>();
    manager_->start(*scope_);
}

mail::QueueId ManagerTest::put(std::vector<std::string> to, Queue queue, base::Duration age,
                               std::string sender)
{
    queue::Message message;
    message.envelope.sender = std::move(sender);
    message.envelope.arrival = loop_.clock().wall() - age;
    for (auto& address : to)
        message.recipients.push_back({address, address, "", notify_});
    message.attributes = attributes_;
    auto writer = queue::MessageWriter::begin(*directories_, message.envelope.arrival, {});
    EXPECT_TRUE(writer);
    EXPECT_TRUE(writer->append(queue::sample_content));
    auto written = writer->finish(message, queue);
    EXPECT_TRUE(written);
    EXPECT_TRUE(queue::commit(*disk_, *written));
    EXPECT_EQ(
        disk_->set_modified(directories_->path(queue, written->id), message.envelope.arrival - 10s),
        0);
    return written->id;
}

mail::QueueId ManagerTest::send(std::vector<std::string> to, base::Duration age, std::string sender)
{
    auto id = put(std::move(to), Queue::Incoming, age, std::move(sender));
    manager_->arrived(id);
    return id;
}

bool ManagerTest::until(const std::function<bool()>& done, base::Duration longest)
{
    auto end = loop_.now() + longest;
    while (!done() && loop_.now() < end)
        loop_.turn(10ms);
    return done();
}

void ManagerTest::run_for(base::Duration time)
{
    until([] { return false; }, time);
}

std::size_t ManagerTest::files(Queue queue)
{
    std::size_t count = 0;
    auto scan = directories_->scan(queue);
    for (auto id = scan.next(); id && *id; id = scan.next())
        ++count;
    return count;
}

base::WallTime ManagerTest::file_time(Queue queue, const std::string& id)
{
    queue::FileStatus status;
    EXPECT_EQ(disk_->status(directories_->path(queue, id), status), 0);
    return status.modified;
}

// As if its time had come: the next queue manager finds it due.
void ManagerTest::make_due(const std::string& id)
{
    EXPECT_EQ(
        disk_->set_modified(directories_->path(Queue::Deferred, id), loop_.clock().wall() - 1s), 0);
}

} // namespace qmgr
