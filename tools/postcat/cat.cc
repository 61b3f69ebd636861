// SPDX-License-Identifier: Apache-2.0
// Showing a queue file; see cat.h.
#include "tools/postcat/cat.h"

#include <algorithm>
#include <ctime>
#include <vector>

#include "lib/base/strings.h"

namespace postcat {

namespace {

using queue::JournalState;
using queue::MessageReader;
using queue::NoteKind;

constexpr std::size_t size_width = 15;
constexpr std::size_t recipients_at_once = 1000;
constexpr std::size_t read_size = 64 * 1024;

// Longer lines are shown in pieces.
constexpr std::size_t line_limit = 1024 * 1024;

constexpr std::string_view status_names[] = {"queued", "sent", "deferred", "bounced", "expanded"};

// "Tue Nov 14 22:13:20 2023"
std::string date(base::WallTime when)
{
    const std::time_t seconds = base::unix_seconds(when);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr)
        return base::cat(seconds);
    char text[64];
    return std::string(text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &local));
}

class Cat {
public:
    Cat(MessageReader& reader, const Options& options, Output& output)
        : reader_(reader), options_(options), output_(output)
    {
    }
    base::Result<void> run();

private:
    base::Result<void> envelope();
    void message_records();
    void attribute(std::string_view name, std::string_view value);
    void attribute_if(std::string_view name, std::string_view value);
    void client_records(const mail::Client& client);
    void dsn_records(const mail::Envelope& envelope);
    void extra_records();
    base::Result<void> recipient_records();
    void recipient(const mail::Recipient& recipient, bool done);
    base::Result<void> contents();
    base::Result<std::uint64_t> header_end() const;
    base::Result<void> content_lines(std::uint64_t from, std::uint64_t to);
    void put_lines(std::string_view bytes, std::uint64_t offset);
    void put_line(Type type, std::uint64_t next);
    void extracted();
    void notes();
    void attempts(std::string_view address, const queue::RecipientState& state);

    std::uint64_t envelope_at() const { return reader_.layout().envelope_offset; }
    std::uint64_t journal_at() const { return reader_.layout().journal_offset; }

    MessageReader& reader_;
    const Options& options_;
    Output& output_;
    JournalState journal_;
    std::vector<std::string> addresses_; // Of recipients that were tried.
    std::string line_;                   // Of the content, not yet complete.
    std::uint64_t line_at_ = 0;          // Where it begins in the file.
};

void Cat::attribute(std::string_view name, std::string_view value)
{
    output_.record(Type::Attribute, envelope_at(), "named_attribute", base::cat(name, "=", value));
}

void Cat::attribute_if(std::string_view name, std::string_view value)
{
    if (!value.empty())
        attribute(name, value);
}

// Six numbers in columns: size, offset of the content, recipients, flags of the queue manager,
// length of the content again, and whether SMTPUTF8 was asked for.
void Cat::message_records()
{
    const queue::Layout& layout = reader_.layout();
    const mail::Envelope& envelope = reader_.message().envelope;
    const std::uint64_t numbers[] = {layout.content.size,    layout.content_offset,
                                     layout.recipient_count, 0,
                                     layout.content.size,    envelope.smtputf8 ? 1u : 0u};
    std::string sizes;
    for (const std::uint64_t number : numbers) {
        const std::string digits = base::cat(number);
        sizes.append(sizes.empty() ? 0 : 1, ' ');
        sizes.append(size_width > digits.size() ? size_width - digits.size() : 0, ' ');
        sizes += digits;
    }
    output_.record(Type::Size, 0, "message_size", sizes);
    output_.record(Type::Time, envelope_at(), "message_arrival_time", date(envelope.arrival));
}

void Cat::client_records(const mail::Client& client)
{
    attribute_if("client_name", client.name);
    attribute_if("reverse_client_name", client.reverse_name);
    attribute_if("client_address", client.address);
    if (client.port != 0)
        attribute("client_port", base::cat(client.port));
    attribute_if("helo_name", client.helo);
    attribute_if("protocol_name", client.protocol);
}

void Cat::dsn_records(const mail::Envelope& envelope)
{
    attribute_if("envelope_id", envelope.dsn_envid);
    if (envelope.dsn_return != mail::DsnReturn::Unspecified)
        attribute("ret_flags", base::cat(static_cast<unsigned>(envelope.dsn_return)));
    if (envelope.body != mail::BodyType::Unspecified)
        attribute("encoding", envelope.body == mail::BodyType::EightBitMime ? "8bit" : "7bit");
    if (envelope.declared_size != 0)
        attribute("declared_size", base::cat(envelope.declared_size));
}

void Cat::extra_records()
{
    const queue::Message& message = reader_.message();
    for (const queue::Attribute& extra : message.attributes) {
        if (extra.name == queue::attribute::content_filter)
            output_.record(Type::Filter, envelope_at(), extra.name, extra.value);
        else if (extra.name == queue::attribute::redirect)
            output_.record(Type::Redirect, envelope_at(), "redirect_to", extra.value);
        else if (extra.name == queue::attribute::verp)
            output_.record(Type::Verp, envelope_at(), "verp_delimiters", extra.value);
        else
            attribute(extra.name, extra.value);
    }
    if (message.schedule.warn_at != base::WallTime{})
        output_.record(Type::WarningTime, envelope_at(), "warning_message_time",
                       date(message.schedule.warn_at));
    if (message.schedule.expire_at != base::WallTime{})
        attribute("expire_time", base::cat(base::unix_seconds(message.schedule.expire_at)));
}

void Cat::recipient(const mail::Recipient& recipient, bool done)
{
    attribute_if("dsn_orig_rcpt", recipient.dsn_orcpt);
    if (recipient.dsn_notify != 0)
        attribute("notify_flags", base::cat(recipient.dsn_notify));
    if (!recipient.original.empty())
        output_.record(Type::Original, envelope_at(), "original_recipient", recipient.original);
    output_.record(done ? Type::Done : Type::Recipient, envelope_at(),
                   done ? "done_recipient" : "recipient", recipient.address);
}

base::Result<void> Cat::recipient_records()
{
    for (std::size_t index = 0; index < reader_.layout().recipient_count;) {
        auto batch = reader_.next_recipients(recipients_at_once);
        if (!batch)
            return batch.error();
        for (const mail::Recipient& each : *batch) {
            const queue::RecipientState& state = journal_.recipients[index++];
            recipient(each, state.done());
            addresses_.push_back(state.history.empty() ? "" : each.address);
        }
    }
    return {};
}

base::Result<void> Cat::envelope()
{
    const mail::Envelope& envelope = reader_.message().envelope;
    output_.section(Type::Size, 0, "ENVELOPE RECORDS");
    message_records();
    client_records(envelope.client);
    dsn_records(envelope);
    extra_records();
    output_.record(Type::Sender, envelope_at(), "sender", envelope.sender);
    return recipient_records();
}

// Where the header ends: the empty line behind it belongs to what -b shows.
base::Result<std::uint64_t> Cat::header_end() const
{
    const queue::ContentFacts& facts = reader_.layout().content;
    const std::uint64_t size = std::min(facts.header_size, facts.size);
    char room[3];
    const std::size_t wanted = std::min<std::uint64_t>(size, sizeof room);
    auto got = reader_.read_content(size - wanted, {room, wanted});
    if (!got)
        return got.error();
    const std::string_view tail(room, *got);
    if (tail == "\n\r\n" || tail == "\r\n")
        return size - 2;
    return tail.ends_with("\n\n") || tail == "\n" ? size - 1 : size;
}

void Cat::put_line(Type type, std::uint64_t next)
{
    if (type == Type::Text && line_.ends_with('\r'))
        line_.pop_back();
    output_.text(type, line_at_, line_);
    line_.clear();
    line_at_ = next;
}

// `bytes` lie at `offset` of the file.
void Cat::put_lines(std::string_view bytes, std::uint64_t offset)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const bool ended = end != std::string_view::npos;
        line_ += bytes.substr(0, end);
        const std::size_t taken = ended ? end + 1 : bytes.size();
        bytes.remove_prefix(taken);
        offset += taken;
        if (ended)
            put_line(Type::Text, offset);
        else if (line_.size() >= line_limit)
            put_line(Type::Unended, offset);
    }
}

// From one place of the content to another, with LF line ends.
base::Result<void> Cat::content_lines(std::uint64_t from, std::uint64_t to)
{
    const std::uint64_t start = reader_.layout().content_offset;
    std::string room(read_size, '\0');
    line_at_ = start + from;
    for (std::uint64_t at = from; at < to;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(read_size, to - at));
        auto got = reader_.read_content(at, std::span(room).first(wanted));
        if (!got)
            return got.error();
        if (*got == 0)
            return base::permanent("became shorter");
        put_lines(std::string_view(room).substr(0, *got), start + at);
        at += *got;
    }
    if (!line_.empty())
        put_line(Type::Unended, 0);
    return {};
}

// The body, as Postfix has it, begins with the empty line behind the header.
base::Result<void> Cat::contents()
{
    const queue::ContentFacts& facts = reader_.layout().content;
    if (options_.envelope)
        output_.section(Type::Contents, reader_.layout().content_offset, "MESSAGE CONTENTS");
    auto split = header_end();
    if (!split)
        return split.error();
    if (options_.header)
        if (auto shown = content_lines(0, *split); !shown)
            return shown;
    if (options_.body)
        return content_lines(*split, facts.size);
    return {};
}

void Cat::notes()
{
    static constexpr std::string_view names[] = {
        "held",        "forced_expire", "next_attempt_time", "warning_sent_time",
        "expire_time", "report_sent",   "expansion_told"};
    static_assert(std::size(names) == queue::note_kinds);
    for (std::size_t i = 0; i < queue::note_kinds; ++i) {
        const std::int64_t value = journal_.notes[i];
        const bool is_flag = i <= static_cast<std::size_t>(NoteKind::Expired) ||
                             i >= static_cast<std::size_t>(NoteKind::ReportSent);
        if (value != 0)
            output_.record(Type::Attribute, journal_at(), "named_attribute",
                           base::cat(names[i], "=", is_flag ? value : value / 1'000'000));
    }
}

void Cat::attempts(std::string_view address, const queue::RecipientState& state)
{
    for (const queue::Attempt& attempt : state.history) {
        const mail::Outcome& outcome = attempt.outcome;
        const auto status = static_cast<std::size_t>(outcome.status);
        output_.record(Type::Attribute, journal_at(), "delivery_attempt",
                       base::cat("to=<", address, ">, number=", attempt.number,
                                 ", time=", base::unix_seconds(outcome.when),
                                 ", relay=", outcome.relay.empty() ? "none" : outcome.relay,
                                 ", dsn=", outcome.dsn, ", status=", status_names[status], " (",
                                 outcome.text, ")",
                                 outcome.failure.kind == mail::FailureClass::None
                                     ? std::string()
                                     : base::cat(", class=", mail::failure_text(outcome.failure))));
    }
}

void Cat::extracted()
{
    output_.section(Type::Extracted, journal_at(), "HEADER EXTRACTED");
    notes();
    for (std::size_t i = 0; i < addresses_.size(); ++i)
        attempts(addresses_[i], journal_.recipients[i]);
    output_.section(Type::End, journal_.end, "MESSAGE FILE END");
}

base::Result<void> Cat::run()
{
    auto journal = reader_.journal(queue::JournalDetail::All);
    if (!journal)
        return journal.error();
    journal_ = std::move(*journal);
    base::Result<void> done;
    if (options_.file_order)
        done = contents();
    if (options_.envelope && done)
        done = envelope();
    if (!options_.file_order && done)
        done = contents();
    if (options_.envelope && done)
        extracted();
    return done;
}

} // namespace

base::Result<void> cat(MessageReader& reader, const Options& options, Output& output)
{
    return Cat(reader, options, output).run();
}

} // namespace postcat
