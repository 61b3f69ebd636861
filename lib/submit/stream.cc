// SPDX-License-Identifier: Apache-2.0
// The stream between sendmail and postdrop; see stream.h and README.md.
#include "lib/submit/stream.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/xtext.h"
#include "lib/queue/bytes.h"
#include "lib/queue/message.h"

namespace submit {

namespace {

constexpr std::string_view magic{"\x89PHS\r\n\x1a\x01", 8};
constexpr std::size_t header_size = 5;

enum Type : std::uint8_t { TypeHead = 1, TypeRecipient = 2, TypeContent = 3, TypeEnd = 4 };

constexpr std::uint8_t all_notify_bits =
    mail::notify::never | mail::notify::success | mail::notify::failure | mail::notify::delay;

// The value of a record of this type is no longer than that; 0: there is no such type.
std::size_t limit_of(std::uint8_t type)
{
    switch (type) {
    case TypeHead: return 4096;
    case TypeRecipient: return 4096;
    case TypeContent: return content_record_limit;
    case TypeEnd: return 12;
    }
    return 0;
}

void append_record(std::string& to, Type type, std::string_view value)
{
    queue::put(to, static_cast<std::uint8_t>(type));
    queue::put_text(to, value);
}

base::Error malformed(std::string_view what)
{
    return base::permanent(base::cat("malformed input: ", what));
}

bool is_clean(std::string_view text)
{
    const auto bad = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    return std::none_of(text.begin(), text.end(), bad);
}

base::Result<void> check_text(std::string_view what, std::string_view text, std::size_t limit)
{
    if (text.size() > limit)
        return malformed(base::cat(what, " is too long"));
    if (!is_clean(text))
        return malformed(base::cat("control character in ", what));
    return {};
}

bool is_possible_notify(std::uint8_t bits)
{
    if ((bits & ~all_notify_bits) != 0)
        return false;
    return (bits & mail::notify::never) == 0 || bits == mail::notify::never;
}

} // namespace

void append_head(std::string& to, const Head& head)
{
    std::string value;
    queue::put_text(value, head.sender);
    queue::put_text(value, head.full_name);
    queue::put_text(value, head.dsn_envid);
    queue::put(value, static_cast<std::uint8_t>(head.dsn_return));
    queue::put(value, static_cast<std::uint8_t>(head.body));
    queue::put(value, static_cast<std::uint8_t>(head.smtputf8));
    queue::put(value, static_cast<std::uint8_t>(head.report));
    queue::put(value, static_cast<std::uint8_t>(head.gateway));
    if (!head.verp.empty())
        queue::put_text(value, head.verp);
    to += magic;
    append_record(to, TypeHead, value);
}

void append_recipient(std::string& to, const mail::Recipient& recipient)
{
    std::string value;
    queue::put_text(value, recipient.address);
    queue::put_text(value, recipient.dsn_orcpt);
    queue::put(value, recipient.dsn_notify);
    append_record(to, TypeRecipient, value);
}

void append_content(std::string& to, std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), content_record_limit);
        append_record(to, TypeContent, bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
}

void append_end(std::string& to, std::uint32_t recipients, std::uint64_t content_bytes)
{
    std::string value;
    queue::put(value, recipients);
    queue::put(value, content_bytes);
    append_record(to, TypeEnd, value);
}

base::Result<void> StreamParser::head(std::string_view value)
{
    if (has_head_)
        return malformed("a second head");
    queue::Taker taker{value};
    Head head;
    head.sender = taker.text();
    head.full_name = taker.text();
    head.dsn_envid = taker.text();
    head.dsn_return = static_cast<mail::DsnReturn>(taker.number_up_to(2));
    head.body = static_cast<mail::BodyType>(taker.number_up_to(2));
    head.smtputf8 = taker.number_up_to(1) != 0;
    head.report = static_cast<Report>(taker.number_up_to(2));
    head.gateway = taker.number_up_to(1) != 0;
    const bool has_verp = !taker.at_end();
    if (has_verp)
        head.verp = taker.text();
    if (!taker.at_end() || has_verp != (head.verp.size() == verp_size))
        return malformed("head");
    if (auto checked = check_text("the sender", head.sender, mail::address_limit); !checked)
        return checked;
    if (auto checked = check_text("the full name", head.full_name, full_name_limit); !checked)
        return checked;
    if (auto checked = check_text("the envelope id", head.dsn_envid, envid_limit); !checked)
        return checked;
    if (auto checked = check_text("the VERP delimiters", head.verp, verp_size); !checked)
        return checked;
    has_head_ = true;
    return sink_.head(std::move(head));
}

base::Result<void> StreamParser::recipient(std::string_view value)
{
    queue::Taker taker{value};
    mail::Recipient recipient;
    recipient.address = taker.text();
    recipient.dsn_orcpt = taker.text();
    recipient.dsn_notify = taker.number<std::uint8_t>();
    if (!taker.at_end() || !is_possible_notify(recipient.dsn_notify))
        return malformed("recipient");
    if (auto checked = check_text("a recipient", recipient.address, mail::address_limit); !checked)
        return checked;
    const std::string& orcpt = recipient.dsn_orcpt;
    if (auto checked = check_text("an original recipient", orcpt, orcpt_limit); !checked)
        return checked;
    if (!orcpt.empty() && !mail::is_typed_recipient(orcpt))
        return malformed("original recipient");
    if (++recipients_ > queue::recipient_limit)
        return malformed("too many recipients");
    recipient.original = recipient.address;
    return sink_.recipient(std::move(recipient));
}

base::Result<void> StreamParser::end(std::string_view value)
{
    queue::Taker taker{value};
    const auto recipients = taker.number<std::uint32_t>();
    const auto content = taker.number<std::uint64_t>();
    if (!taker.at_end() || recipients != recipients_ || content != content_)
        return malformed("the end does not agree with what came before it");
    if (recipients_ == 0)
        return malformed("no recipients");
    complete_ = true;
    return {};
}

base::Result<void> StreamParser::record(std::uint8_t type, std::string_view value)
{
    if (type == TypeHead)
        return head(value);
    if (!has_head_)
        return malformed("a record before the head");
    if (type == TypeRecipient)
        return recipient(value);
    if (type == TypeEnd)
        return end(value);
    content_ += value.size();
    return sink_.content(value);
}

// One record, or the magic, off the front. Returns how many bytes it had; 0: more must come.
base::Result<std::size_t> StreamParser::take(std::string_view bytes)
{
    if (complete_)
        return malformed("data after the end");
    if (!begun_) {
        const auto known = std::min(bytes.size(), magic.size());
        if (bytes.substr(0, known) != magic.substr(0, known))
            return malformed("no submission stream");
        begun_ = known == magic.size();
        return begun_ ? known : std::size_t{0};
    }
    const auto type = static_cast<std::uint8_t>(bytes.front());
    const std::size_t limit = limit_of(type);
    if (limit == 0)
        return malformed(base::cat("record type ", unsigned{type}));
    if (bytes.size() < header_size)
        return std::size_t{0};
    const auto length = queue::load<std::uint32_t>(bytes.data() + 1);
    if (length > limit)
        return malformed(base::cat("a record of type ", unsigned{type}, " is too long"));
    if (bytes.size() < header_size + length)
        return std::size_t{0};
    if (auto done = record(type, bytes.substr(header_size, length)); !done)
        return done.error();
    return header_size + length;
}

base::Result<void> StreamParser::feed(std::string_view bytes)
{
    held_ += bytes;
    std::string_view rest = held_;
    while (!rest.empty()) {
        auto taken = take(rest);
        if (!taken)
            return taken.error();
        if (*taken == 0)
            break;
        rest.remove_prefix(*taken);
    }
    held_.erase(0, held_.size() - rest.size());
    return {};
}

} // namespace submit
