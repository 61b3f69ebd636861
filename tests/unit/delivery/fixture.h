// SPDX-License-Identifier: Apache-2.0
// An SMTP agent on a real loop with loopback sockets, a resolver that answers from a table, and
// servers that play scripts.
#pragma once

#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/delivery/resolver.h"
#include "lib/delivery/smtp_agent.h"
#include "lib/net/socket.h"

namespace delivery::test {

using base::Task;

class FakeResolver final : public Resolver {
public:
    Task<ipc::resolver::Answer> query(std::string domain, ipc::resolver::Type type) override
    {
        ++questions;
        co_return find(base::cat(domain, "/", static_cast<int>(type)));
    }
    Task<ipc::resolver::Answer> host(ipc::resolver::HostQuery query) override
    {
        ++questions;
        co_return find(query.host);
    }

    void mx(const std::string& domain, std::uint16_t preference, const std::string& host)
    {
        auto& answer = answers[domain + "/15"];
        answer.status = ipc::resolver::Status::Ok;
        answer.records.push_back({host, preference, 0, 0});
    }
    void address(const std::string& host, const std::string& address)
    {
        auto& answer = answers[host];
        answer.status = ipc::resolver::Status::Ok;
        answer.records.push_back({address, 0, 0, 0});
    }
    void fail(const std::string& key, ipc::resolver::Status status)
    {
        answers[key].status = status;
    }

    std::map<std::string, ipc::resolver::Answer> answers;
    int questions = 0;

private:
    ipc::resolver::Answer find(const std::string& key)
    {
        const auto found = answers.find(key);
        if (found != answers.end())
            return found->second;
        ipc::resolver::Answer none;
        none.status = ipc::resolver::Status::NoDomain;
        return none;
    }
};

// A server that answers commands by their first word; what has no answer of its own gets the usual
// one. An answer "close" closes.
class ScriptServer {
public:
    ScriptServer(events::Loop& loop, const std::string& at) : loop_(loop)
    {
        auto listener = net::listen_inet(*net::Address::parse(at), 16);
        start(std::move(*listener));
    }
    ScriptServer(events::Loop& loop, base::Fd listener) : loop_(loop)
    {
        start(std::move(listener));
    }

    std::uint16_t port() const { return net::local_address(listener_.number())->port(); }

    std::map<std::string, std::deque<std::string>> answers; // One after the other, then the usual.
    std::vector<std::string> commands;
    std::vector<std::string> messages;
    int connections = 0;
    int open = 0;
    bool lmtp = false;
    bool close_after_message = false;

private:
    void start(base::Fd listener)
    {
        listener_ = std::move(listener);
        scope_.spawn(accept());
    }

    Task<void> accept()
    {
        events::Watch watch(loop_, listener_.number());
        while (true) {
            auto taken = net::accept_one(listener_.number());
            if (taken && *taken)
                scope_.spawn(serve(std::move((*taken)->fd)));
            else
                co_await watch.readable(base::Deadline::never());
        }
    }

    std::string answer(const std::string& verb, std::string usual)
    {
        auto& script = answers[verb];
        if (script.empty())
            return usual;
        std::string said = script.front();
        script.pop_front();
        return said;
    }

    // False: close.
    Task<bool> say(net::Stream& stream, std::string text)
    {
        if (text == "close")
            co_return false;
        stream.write(text + "\r\n");
        auto sent = co_await stream.flush(base::Deadline::never());
        co_return sent == net::Io::Ok;
    }

    Task<bool> line(net::Stream& stream, std::string& into)
    {
        while (true) {
            const auto end = stream.buffered().find("\r\n");
            if (end != std::string_view::npos) {
                into = stream.buffered().substr(0, end);
                stream.consume(end + 2);
                co_return true;
            }
            auto got = co_await stream.fill(base::Deadline::never());
            if (got != net::Io::Ok)
                co_return false;
        }
    }

    Task<void> serve(base::Fd fd)
    {
        ++connections;
        ++open;
        co_await talk(std::move(fd));
        --open;
    }

    Task<void> talk(base::Fd fd)
    {
        net::set_no_delay(fd.number());
        net::Stream stream(loop_, std::move(fd));
        bool well = co_await say(stream, answer("greeting", "220 test ESMTP"));
        int accepted = 0;
        while (well) {
            std::string command;
            well = co_await line(stream, command);
            if (!well)
                co_return;
            commands.push_back(command);
            const std::string verb = command.substr(0, 4);
            if (verb == "RCPT")
                ++accepted;
            if (verb == "EHLO" || verb == "LHLO") {
                well = co_await say(stream, answer(verb, "250-test\r\n250 PIPELINING"));
            } else if (verb == "DATA") {
                const std::string said = answer(verb, "354 go");
                well = co_await say(stream, said);
                if (!well || said[0] != '3')
                    continue;
                well = co_await take_message(stream);
                for (int i = 0; well && i < (lmtp ? accepted : 1); ++i)
                    well = co_await say(stream, answer(".", "250 2.0.0 Ok: queued as X"));
                accepted = 0;
                if (close_after_message)
                    co_return;
            } else if (verb == "QUIT") {
                co_await say(stream, "221 bye");
                co_return;
            } else {
                well = co_await say(stream, answer(verb, "250 2.1.0 Ok"));
            }
        }
    }

    Task<bool> take_message(net::Stream& stream)
    {
        std::string text, one;
        while (true) {
            const bool got = co_await line(stream, one);
            if (!got)
                co_return false;
            if (one == ".")
                break;
            text += one + "\n";
        }
        messages.push_back(text);
        co_return true;
    }

    events::Loop& loop_;
    base::Fd listener_;
    base::Scope scope_;
};

class LogLines final : public base::LogSink {
public:
    LogLines() : before_(base::set_log_sink(this)) {}
    ~LogLines() override { base::set_log_sink(before_); }
    void write(base::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;

    bool has(std::string_view part) const
    {
        for (const auto& line : lines)
            if (line.find(part) != std::string::npos)
                return true;
        return false;
    }

private:
    base::LogSink* before_;
};

inline base::Fd memory_file(const std::string& text)
{
    base::Fd fd{::memfd_create("message", MFD_CLOEXEC)};
    if (::write(fd.number(), text.data(), text.size()) < 0)
        ADD_FAILURE();
    return fd;
}

class SmtpAgentTest : public ::testing::Test {
protected:
    SmtpAgentTest()
    {
        settings.client.helo_name = "me.example";
        settings.client.my_hostname = "me.example";
        settings.lookup.ipv6 = false;
        settings.lookup.shuffle = false;
    }

    void start() { agent = std::make_unique<SmtpAgent>(loop, settings, resolver, own); }

    static ipc::delivery::Deliver request(const std::string& next_hop, std::size_t recipients = 1,
                                          std::string content = "Subject: x\r\n\r\nbody\r\n")
    {
        ipc::delivery::Deliver deliver;
        deliver.queue_id = "ABC123";
        deliver.envelope.sender = "from@example.org";
        deliver.next_hop = next_hop;
        for (std::size_t i = 0; i < recipients; ++i) {
            const std::string address = base::cat("to", i, "@example.com");
            deliver.recipients.push_back({address, address, {}, 0});
        }
        deliver.content.size = content.size();
        deliver.content.longest_line = 20;
        deliver.message.fd = memory_file(content);
        return deliver;
    }

    static Task<void> run(Agent& agent, Delivery& delivery, bool& done)
    {
        co_await agent.deliver(delivery);
        done = true;
    }

    ipc::delivery::Delivered deliver(ipc::delivery::Deliver what)
    {
        if (agent == nullptr)
            start();
        Delivery delivery(std::move(what), loop.clock());
        bool done = false;
        base::Scope scope;
        scope.spawn(run(*agent, delivery, done));
        turn([&] { return done; });
        return delivery.finish();
    }

    void turn(const std::function<bool()>& until)
    {
        const auto deadline = loop.clock().after(std::chrono::seconds(10));
        while (!until() && !deadline.passed(loop.now()))
            loop.turn(std::chrono::milliseconds(20));
        EXPECT_TRUE(until());
    }

    std::string at(const ScriptServer& server) const
    {
        return base::cat("[127.0.0.1]:", server.port());
    }

    events::Loop loop;
    SmtpSettings settings;
    FakeResolver resolver;
    config::OwnAddresses own;
    LogLines log;
    std::unique_ptr<SmtpAgent> agent;
};

} // namespace delivery::test
