// SPDX-License-Identifier: Apache-2.0
// Stand-ins for the server session's collaborators: a policy that answers from a table, a sink that
// keeps messages in memory, and a way to run tasks that never wait.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/smtp/server_session.h"

namespace fake {

// Runs a task that completes without waiting, and returns its value.
template <typename T> base::Task<void> keep(base::Task<T> task, std::optional<T>& out)
{
    out.emplace(co_await std::move(task));
}
template <typename T> T run(base::Task<T> task)
{
    std::optional<T> out;
    base::Scope scope;
    scope.spawn(keep(std::move(task), out));
    return std::move(*out);
}

class Policy final : public smtp::Policy {
public:
    std::map<std::string, smtp::Verdict> verdicts; // By stage; missing: pass.
    std::map<std::string, int> asked;

    base::Task<smtp::Verdict> connect(const smtp::PolicyInput&) override { return say("connect"); }
    base::Task<smtp::Verdict> helo(const smtp::PolicyInput&) override { return say("helo"); }
    base::Task<smtp::Verdict> mail(const smtp::PolicyInput&) override { return say("mail"); }
    base::Task<smtp::Verdict> rcpt(const smtp::PolicyInput& input) override
    {
        // Recipients whose local part begins with "bad" are unknown here.
        if (input.recipient.starts_with("bad"))
            return unknown(std::string(input.recipient));
        return say("rcpt");
    }
    base::Task<smtp::Verdict> data(const smtp::PolicyInput&) override { return say("data"); }
    base::Task<smtp::Verdict> end_of_data(const smtp::PolicyInput&) override { return say("end"); }
    base::Task<smtp::Verdict> vrfy(const smtp::PolicyInput&) override { return say("vrfy"); }
    base::Task<smtp::Verdict> etrn(const smtp::PolicyInput&) override { return say("etrn"); }

    std::vector<std::string> noop_commands;
    base::Task<bool> ignores(std::string_view word) override { co_return has(noop_commands, word); }
    // As by default.
    base::Task<bool> forbids(std::string_view word) override
    {
        co_return !base::is_alpha(word[0]) || has({"CONNECT", "GET", "POST"}, word);
    }

private:
    static bool has(const std::vector<std::string>& list, std::string_view word)
    {
        for (const std::string& one : list)
            if (base::iequals(one, word))
                return true;
        return false;
    }
    base::Task<smtp::Verdict> say(std::string stage)
    {
        ++asked[stage];
        auto found = verdicts.find(stage);
        if (found != verdicts.end())
            co_return found->second;
        co_return smtp::Verdict::pass();
    }
    base::Task<smtp::Verdict> unknown(std::string recipient)
    {
        co_return smtp::Verdict::refuse(
            base::cat("550 5.1.1 <", recipient,
                      ">: Recipient address rejected: User unknown in local recipient table"));
    }
};

struct Message {
    mail::Envelope envelope;
    std::vector<mail::Recipient> recipients;
    std::vector<smtp::AccessAction> actions;
    std::string verp;
    std::string content;
    std::size_t size = 0;
};

class Sink final : public smtp::MessageSink {
public:
    std::vector<Message> queued;
    std::optional<Message> now;
    int abandoned = 0;
    std::string finish_reply;
    bool fail_open = false;
    bool fail_content = false;
    bool keep_content = true;

    base::Task<base::Result<mail::QueueId>> open(const mail::Envelope& envelope,
                                                 std::string_view verp) override
    {
        if (fail_open)
            co_return base::temporary("no space");
        now.emplace();
        now->envelope = envelope;
        now->verp = verp;
        co_return base::cat("4F", 1000 + queued.size());
    }
    base::Task<base::Result<void>> recipient(const mail::Recipient& recipient) override
    {
        now->recipients.push_back(recipient);
        co_return base::Result<void>{};
    }
    base::Task<base::Result<void>> apply(const smtp::AccessAction& action) override
    {
        now->actions.push_back(action);
        co_return base::Result<void>{};
    }
    base::Task<base::Result<void>> content(std::string_view bytes) override
    {
        if (fail_content)
            co_return base::temporary("no space");
        now->size += bytes.size();
        if (keep_content)
            now->content.append(bytes);
        co_return base::Result<void>{};
    }
    base::Task<smtp::FinishResult> finish() override
    {
        smtp::FinishResult result{finish_reply};
        if (finish_reply.empty())
            queued.push_back(std::move(*now));
        now.reset();
        co_return result;
    }
    void abandon() override
    {
        ++abandoned;
        now.reset();
    }
};

class Flusher final : public smtp::SiteFlusher {
public:
    smtp::FlushAnswer answer = smtp::FlushAnswer::Started;
    base::Task<smtp::FlushAnswer> flush_site(std::string_view) override { co_return answer; }
};

// A session with its fakes, and input and output in memory.
struct Server {
    smtp::ServerSettings settings;
    Policy policy;
    Sink sink;
    Flusher flusher;
    mail::Client client;
    smtp::ClientTraits traits;
    std::optional<smtp::ServerSession> session;
    std::string input;
    std::string output;
    base::Duration delay{};
    bool closed = false;

    Server()
    {
        settings.hostname = "mail.example.com";
        client.name = "client.example";
        client.address = "192.0.2.1";
    }

    void connect(std::string_view early = {})
    {
        session.emplace(settings, smtp::ServerCollaborators{policy, sink, flusher}, client, traits);
        take(run(session->connected(early)));
    }
    void take(smtp::Step step)
    {
        output += step.output;
        delay += step.delay;
        closed = closed || step.close;
    }
    // Feeds everything; what is not consumed stays for the next time.
    void send(std::string_view bytes)
    {
        input += bytes;
        std::size_t at = 0;
        while (!closed && at < input.size()) {
            smtp::Step step = run(session->on_input(std::string_view(input).substr(at)));
            bool moved = step.consumed > 0 || !step.output.empty();
            at += step.consumed;
            take(std::move(step));
            if (!moved)
                break;
        }
        input.erase(0, at);
    }
    // Sends and returns what comes back.
    std::string ask(std::string_view bytes)
    {
        output.clear();
        send(bytes);
        return output;
    }
};

} // namespace fake
