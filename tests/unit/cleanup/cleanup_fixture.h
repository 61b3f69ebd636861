// SPDX-License-Identifier: Apache-2.0
// What the tests of cleanup share: a session with a queue of its own on a disk that can fail,
// configured by lines of main.cf, and the log it writes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cleanup/session.h"
#include "lib/config/params/verp.h"
#include "lib/event/loop.h"
#include "tests/unit/queue/queue_fixture.h"

namespace cleanup {

class LogLines final : public base::LogSink {
public:
    LogLines() : before_(base::set_log_sink(this)) {}
    ~LogLines() override { base::set_log_sink(before_); }
    void write(base::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;

private:
    base::LogSink* before_;
};

class HeardNews final : public News {
public:
    void arrived(std::string queue_id) override { ids.push_back(std::move(queue_id)); }
    std::vector<std::string> ids;
};

class CleanupTest : public queue::QueueTest {
protected:
    CleanupTest()
    {
        envelope_.sender = "sender@example.com";
        envelope_.client = {
            "mail.example.com", "mail.example.com", "192.0.2.1", 25, "helo.example.com", "ESMTP"};
        envelope_.arrival = base::from_unix_seconds(1'795'302'000);
    }

    // Everything that main.cf decides.
    struct Site {
        Site(const std::string& main_cf, events::Loop& loop, const queue::Directories& directories,
             queue::Disk& disk, News& news);

        config::CommonParams common;
        config::CleanupParams params;
        config::RouteParams route_params;
        config::VerpParams verp;
        table::Tables tables{{}};
        config::OwnAddresses own;
        std::unique_ptr<route::Destinations> destinations;
        std::unique_ptr<Addressing> addressing;
        std::unique_ptr<Settings> settings;
        std::unique_ptr<Committer> committer;
        std::unique_ptr<Shared> shared;
        std::unique_ptr<Session> session;
    };

    // Before the first message.
    void configure(const std::string& main_cf)
    {
        site_ = std::make_unique<Site>(main_cf, loop_, queue_, disk_, news_);
    }
    Session& session()
    {
        if (!site_)
            configure("");
        return *site_->session;
    }

    template <typename T> T wait(base::Task<T> task)
    {
        std::optional<T> result;
        base::Scope scope;
        scope.spawn(keep(std::move(task), result));
        while (!result)
            loop_.turn(std::chrono::milliseconds(100));
        return std::move(*result);
    }

    base::Result<ipc::cleanup::Opened> open();
    void recipient(const std::string& address)
    {
        EXPECT_TRUE(wait(session().on(ipc::cleanup::Recipient{{address, address, {}, notify_}})));
    }
    void action(const std::string& key, const std::string& value)
    {
        EXPECT_TRUE(wait(session().on(ipc::cleanup::Action{{key, value}})));
    }
    void content(std::string_view bytes)
    {
        EXPECT_TRUE(wait(session().on(ipc::cleanup::Content{bytes})));
    }
    Finished finish() { return wait(session().on(ipc::cleanup::Finish{})).value(); }

    // A whole message; its reply as SMTP would show it, or "ok".
    std::string send(std::string_view message);
    static std::string shown(const Finished& finished);

    // The content and envelope of the message that was sent last.
    std::string stored_content(queue::Queue where = queue::Queue::Incoming);
    queue::Message stored_message(queue::Queue where = queue::Queue::Incoming);
    // "address (original)" of each recipient, separated by blanks; the original if it differs.
    std::string stored_recipients();
    // stored_content() without our own Received field.
    std::string stored_text(queue::Queue where = queue::Queue::Incoming);
    // The log with the queue id as Q, one line each.
    std::string log() const;
    bool nothing_left()
    {
        return ids(queue::Queue::Incoming).empty() && ids(queue::Queue::Hold).empty();
    }

    events::Loop loop_;
    HeardNews news_;
    LogLines log_lines_;
    std::unique_ptr<Site> site_;
    mail::Envelope envelope_;
    std::uint32_t options_ = 0;
    std::uint8_t notify_ = 0;
    std::vector<std::string> recipients_ = {"user@example.org"};
    std::string id_;

private:
    template <typename T> static base::Task<void> keep(base::Task<T> task, std::optional<T>& result)
    {
        auto value = co_await std::move(task);
        result.emplace(std::move(value));
    }
};

} // namespace cleanup
