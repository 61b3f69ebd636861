// SPDX-License-Identifier: Apache-2.0
// A server played from a script: see the header.
#include "tests/unit/smtp/client_script.h"

#include <algorithm>
#include <cstring>

#include "lib/base/strings.h"
#include "lib/base/task.h"

namespace smtp::test {
namespace {

using base::Task;

template <typename T> Task<void> store(Task<T> task, std::optional<T>& into)
{
    into.emplace(co_await std::move(task));
}

// Runs a task that never waits.
template <typename T> T run(Task<T> task)
{
    std::optional<T> result;
    base::Scope scope;
    scope.spawn(store(std::move(task), result));
    if (!result)
        __builtin_trap();
    return std::move(*result);
}

Task<bool> to_the_end(Task<void> task)
{
    co_await std::move(task);
    co_return true;
}

} // namespace

ScriptedServer::ScriptedServer(std::string_view script)
{
    for (const std::string_view line : base::split(script, "\n"))
        if (!base::trim(line).empty())
            steps_.emplace_back(base::trim_left(line));
}

Task<WireStatus> ScriptedServer::send(std::span<const std::string_view> pieces, base::Deadline d)
{
    calls_.push_back("send");
    deadline_ = d;
    for (const std::string_view piece : pieces) {
        sent_ += piece;
        all_sent_ += piece;
    }
    match();
    const bool broken = next_ < steps_.size() && steps_[next_] == "broken";
    if (broken)
        ++next_;
    co_return broken ? WireStatus::Lost : WireStatus::Ok;
}

Task<Received> ScriptedServer::receive(std::span<char> into, base::Deadline d)
{
    calls_.push_back("receive");
    deadline_ = d;
    match();
    gather();
    if (!ready_.empty()) {
        const std::size_t count = std::min({into.size(), ready_.size(), drip_});
        std::memcpy(into.data(), ready_.data(), count);
        ready_.erase(0, count);
        co_return Received{WireStatus::Ok, count};
    }
    if (next_ < steps_.size() && steps_[next_] == "close") {
        ++next_;
        co_return Received{WireStatus::Ok, 0};
    }
    if (next_ < steps_.size() && steps_[next_] == "timeout") {
        ++next_;
        co_return Received{WireStatus::TimedOut, 0};
    }
    if (complaint_.empty())
        complaint_ = base::cat("client waits, but the script says: ",
                               next_ < steps_.size() ? steps_[next_] : "(end)");
    co_return Received{WireStatus::Lost, 0};
}

void ScriptedServer::match()
{
    gather();
    while (next_ < steps_.size() && steps_[next_].starts_with("C:") && complaint_.empty()) {
        const std::size_t end = sent_.find("\r\n");
        if (end == std::string::npos)
            return;
        const std::string line = sent_.substr(0, end);
        const std::string want =
            steps_[next_].substr(std::min<std::size_t>(3, steps_[next_].size()));
        if (line != want)
            complaint_ = base::cat("client sent: ", line, "; script wants: ", want);
        sent_.erase(0, end + 2);
        ++next_;
        gather();
    }
}

void ScriptedServer::gather()
{
    for (; next_ < steps_.size() && steps_[next_].starts_with("S"); ++next_) {
        const std::string& step = steps_[next_];
        ready_ += step.substr(std::min<std::size_t>(3, step.size()));
        if (step[1] == ':')
            ready_ += "\r\n";
    }
}

std::string ScriptedServer::complaint()
{
    match();
    if (!complaint_.empty())
        return complaint_;
    if (!sent_.empty())
        return "client sent more: " + sent_;
    if (next_ < steps_.size())
        return "not reached: " + steps_[next_];
    return {};
}

Task<base::Result<ContentChunk>> StringContent::next()
{
    if (at_ >= fail_at_)
        co_return base::temporary("read error");
    const std::string_view bytes = std::string_view(text_).substr(at_, chunk_);
    at_ += bytes.size();
    co_return ContentChunk{bytes, at_ == text_.size()};
}

ContentFacts facts_of(std::string_view text)
{
    ContentFacts facts{text.size(), 0, false, false, true, false, false};
    facts.ends_with_crlf = text.empty() || text.ends_with("\r\n");
    facts.eight_bit = !base::is_ascii(text);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        const std::string_view line = text.substr(0, end);
        facts.longest_line = std::max(facts.longest_line, line.size());
        facts.dot_lines = facts.dot_lines || line.starts_with('.');
        facts.stray_cr_or_lf = facts.stray_cr_or_lf || line.find_first_of("\r\n") != line.npos;
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return facts;
}

ClientSettings Conversation::default_settings()
{
    ClientSettings settings;
    settings.helo_name = "me.example";
    settings.my_hostname = "me.example";
    settings.keep_record = true;
    return settings;
}

mail::Envelope Conversation::default_envelope()
{
    mail::Envelope envelope;
    envelope.sender = "s@me.example";
    return envelope;
}

void Conversation::set_recipients(const std::vector<std::string>& addresses)
{
    recipients.clear();
    for (const std::string& address : addresses)
        recipients.push_back({address, address, "", 0});
}

std::optional<Attempt> Conversation::open()
{
    return run(session.open());
}

DeliveryReport Conversation::deliver(std::string content)
{
    const ContentFacts facts = facts_of(content);
    StringContent source(std::move(content), chunk);
    source.fail_at(content_fails_at);
    const ClientMessage message{envelope, recipients, facts, &source};
    return run(session.deliver(message));
}

DeliveryReport Conversation::probe_addresses()
{
    const ClientMessage message{envelope, recipients, {}, nullptr};
    return run(session.deliver(message));
}

WireStatus Conversation::authenticate(std::string_view line)
{
    return run(session.exchange(ClientStage::Auth, line));
}

void Conversation::quit()
{
    run(to_the_end(session.quit()));
}

} // namespace smtp::test
