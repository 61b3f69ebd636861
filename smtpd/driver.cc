// SPDX-License-Identifier: Apache-2.0
// The session driver; see driver.h.
#include "smtpd/driver.h"

#include <algorithm>

#include "lib/event/timer.h"

namespace smtpd {

using base::Task;
using net::Io;

namespace {

// Replies are held back while input waits, but never more than this.
constexpr std::size_t output_high_water = 8192;

class Driver {
public:
    Driver(smtp::ServerSession& session, net::Stream& stream, const DriverSettings& settings,
           SessionRecord* record)
        : session_(session), stream_(stream), settings_(settings), record_(record),
          request_end_(next_deadline())
    {
    }

    Task<void> run()
    {
        bool open = co_await greet();
        while (open)
            open = co_await turn();
        session_.disconnected();
    }

private:
    base::Deadline next_deadline() const { return clock().after(settings_.timeout); }
    const base::Clock& clock() const { return stream_.loop().clock(); }

    // With smtpd_per_request_deadline one deadline holds for a whole request: a byte now and then
    // gains nothing, but content at the minimum rate does.
    base::Deadline read_deadline() const
    {
        return settings_.per_request_deadline ? request_end_ : next_deadline();
    }

    void credit(std::size_t content_bytes)
    {
        if (!settings_.per_request_deadline || !session_.in_content())
            return;
        auto earned =
            std::chrono::microseconds(static_cast<std::int64_t>(content_bytes) * 1'000'000 /
                                      std::max<std::int64_t>(1, settings_.min_data_rate));
        request_end_ = base::Deadline::at(request_end_.when() + earned).earlier(next_deadline());
    }

    Task<bool> greet()
    {
        if (settings_.greet_wait.count() > 0)
            co_await events::sleep(stream_.loop(), settings_.greet_wait);
        stream_.has_input();
        auto step = co_await session_.connected(stream_.buffered());
        request_end_ = next_deadline();
        co_return co_await carry_out(std::move(step));
    }

    // One step of the session, or more input for it.
    Task<bool> turn()
    {
        std::string_view input = stream_.buffered();
        std::size_t before = input.size();
        if (!input.empty()) {
            const bool command = !session_.in_content();
            auto step = co_await session_.on_input(input);
            if (record_ != nullptr && command && step.consumed > 0)
                record_->heard(input.substr(0, step.consumed));
            bool moved = step.consumed > 0 || !step.output.empty() || step.close;
            if (moved) {
                bool complete = !step.output.empty() || !session_.in_content();
                if (complete && settings_.per_request_deadline)
                    request_end_ = next_deadline();
                co_return co_await carry_out(std::move(step));
            }
        }
        Io flushed = co_await stream_.flush(next_deadline());
        if (flushed == Io::Ok)
            flushed = co_await stream_.fill(read_deadline());
        if (flushed == Io::Ok) {
            credit(stream_.buffered().size() - before);
            co_return true;
        }
        co_await give_up(flushed);
        co_return false;
    }

    Task<bool> carry_out(smtp::Step step)
    {
        stream_.consume(step.consumed);
        if (record_ != nullptr)
            record_->said(step.output);
        if (step.delay.count() > 0)
            co_await events::sleep(stream_.loop(), step.delay);
        stream_.write(step.output);
        bool must_send = step.close || stream_.pending_output() > output_high_water;
        if (!must_send)
            co_return true;
        Io sent = co_await stream_.flush(next_deadline());
        if (sent != Io::Ok && !step.close)
            co_await give_up(sent);
        co_return sent == Io::Ok && !step.close;
    }

    Task<void> give_up(Io how)
    {
        static constexpr auto last_words = std::chrono::seconds(1);
        if (record_ != nullptr)
            record_->ended(how == Io::Lost ? "lost connection" : "timeout");
        if (how == Io::Lost) {
            session_.lost();
            co_return;
        }
        stream_.write(session_.timed_out());
        co_await stream_.flush(clock().after(last_words));
    }

    smtp::ServerSession& session_;
    net::Stream& stream_;
    DriverSettings settings_;
    SessionRecord* const record_; // None: nobody wants to read it.
    base::Deadline request_end_;
};

} // namespace

Task<void> drive(smtp::ServerSession& session, net::Stream& stream, DriverSettings settings,
                 SessionRecord* record)
{
    Driver driver(session, stream, settings, record);
    co_await driver.run();
}

} // namespace smtpd
