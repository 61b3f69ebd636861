// SPDX-License-Identifier: Apache-2.0
// The listing's wire format; see listing_wire.h.
#include "lib/queue/listing_wire.h"

#include <utility>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace queue {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view protocol_attribute = "protocol";
constexpr std::string_view protocol_name = "mail_queue_list_protocol";

void put(std::string& to, std::string_view text)
{
    base::append(to, text, '\0');
}

bool take_queue(ListedMessage& message, std::string_view value)
{
    const auto queue = queue_of_name(value);
    message.queue = queue.value_or(Queue::Incoming);
    return queue.has_value();
}

bool take_id(ListedMessage& message, std::string_view value)
{
    message.id = value;
    return mail::is_queue_id(value);
}

bool take_time(ListedMessage& message, std::string_view value)
{
    // Years in which no clock is, and no multiplication overflows.
    constexpr std::int64_t latest = std::int64_t{1} << 40;
    const auto seconds = base::parse_int<std::int64_t>(value);
    if (!seconds || *seconds < 0 || *seconds > latest)
        return false;
    message.arrival = base::from_unix_seconds(*seconds);
    return true;
}

bool take_size(ListedMessage& message, std::string_view value)
{
    const auto size = base::parse_int<std::uint64_t>(value);
    message.size = size.value_or(0);
    return size.has_value();
}

bool take_forced_expire(ListedMessage& message, std::string_view value)
{
    message.forced_expire = value == "1";
    return value == "0" || value == "1";
}

bool take_sender(ListedMessage& message, std::string_view value)
{
    message.sender = value;
    return true;
}

bool take_recipient(ListedMessage& message, std::string_view value)
{
    message.recipients.push_back({std::string(value), "", {}});
    return message.recipients.size() <= recipient_limit;
}

bool take_reason(ListedMessage& message, std::string_view value)
{
    if (message.recipients.empty())
        return false;
    message.recipients.back().reason = value;
    return true;
}

bool take_failure(ListedMessage& message, std::string_view value)
{
    const auto failure = mail::parse_failure(value);
    if (message.recipients.empty() || !failure)
        return false;
    message.recipients.back().failure = *failure;
    return true;
}

struct Row {
    std::string_view name;
    bool (*take)(ListedMessage&, std::string_view);
    bool required;
};
constexpr Row rows[] = {
    {"queue_name", take_queue, true},
    {"queue_id", take_id, true},
    {"time", take_time, true},
    {"size", take_size, true},
    {"forced_expire", take_forced_expire, false},
    {"sender", take_sender, true},
    {"recipient", take_recipient, false},
    {"reason", take_reason, false},
    {"failure_class", take_failure, false},
};

constexpr unsigned required()
{
    unsigned bits = 0;
    for (unsigned i = 0; i < std::size(rows); ++i)
        bits |= rows[i].required ? 1u << i : 0u;
    return bits;
}

base::Error malformed(std::string_view what)
{
    return base::permanent(base::cat("malformed queue listing: ", what));
}

} // namespace

std::string_view listing_begin()
{
    return "protocol\0mail_queue_list_protocol\0\0"sv;
}

std::string_view listing_end()
{
    return "\0"sv;
}

void append_listed(std::string& to, const ListedMessage& message)
{
    put(to, "queue_name");
    put(to, queue_name(message.queue));
    put(to, "queue_id");
    put(to, message.id);
    put(to, "time");
    put(to, base::cat(base::unix_seconds(message.arrival)));
    put(to, "size");
    put(to, base::cat(message.size));
    put(to, "forced_expire");
    put(to, message.forced_expire ? "1" : "0");
    put(to, "sender");
    put(to, message.sender);
    for (const ListedRecipient& recipient : message.recipients) {
        put(to, "recipient");
        put(to, recipient.address);
        put(to, "reason");
        put(to, recipient.reason);
        if (recipient.failure.kind == mail::FailureClass::None)
            continue;
        put(to, "failure_class");
        put(to, mail::failure_text(recipient.failure));
    }
    put(to, "");
}

base::Result<void> ListingParser::feed(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (complete_)
            return malformed("something after the end");
        const std::size_t end = bytes.find('\0');
        const std::string_view piece = bytes.substr(0, end);
        if (partial_.size() + piece.size() > listing_value_limit)
            return malformed("a value is too long");
        partial_ += piece;
        if (end == std::string_view::npos)
            return {};
        bytes.remove_prefix(end + 1);
        if (auto taken = token(partial_); !taken)
            return taken;
        partial_.clear();
    }
    return {};
}

base::Result<void> ListingParser::token(std::string_view text)
{
    if (!name_.empty())
        return attribute(text);
    if (text.empty())
        return end_of_record();
    name_ = text;
    return {};
}

base::Result<void> ListingParser::attribute(std::string_view value)
{
    const std::string name = std::exchange(name_, "");
    if (!announced_) {
        if (name != protocol_attribute || value != protocol_name || seen_ != 0)
            return malformed("another protocol");
        seen_ = 1;
        return {};
    }
    for (unsigned i = 0; i < std::size(rows); ++i) {
        if (rows[i].name != name)
            continue;
        if (!rows[i].take(message_, value))
            return malformed(base::cat("value of ", name));
        seen_ |= 1u << i;
    }
    return {};
}

base::Result<void> ListingParser::end_of_record()
{
    const unsigned seen = std::exchange(seen_, 0);
    if (!announced_) {
        announced_ = seen != 0;
        return announced_ ? base::Result<void>{} : malformed("no announcement");
    }
    complete_ = seen == 0;
    if (complete_)
        return {};
    if ((seen & required()) != required())
        return malformed("an attribute is missing");
    sink_.take(std::exchange(message_, {}));
    return {};
}

} // namespace queue
