// SPDX-License-Identifier: Apache-2.0
// Keys and values of the index; see index_private.h.
#include "lib/queue/index_private.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/queue/bytes.h"

namespace queue {

std::string domain_of(std::string_view address)
{
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string{} : base::lower(address.substr(at + 1));
}

} // namespace queue

namespace queue::index_keys {

namespace {

constexpr std::size_t time_size = 8;

char field_mark(IndexField field)
{
    switch (field) {
    case IndexField::Sender: return 's';
    case IndexField::Recipient: return 'r';
    case IndexField::Domain: return 'o';
    case IndexField::Destination: return 'd';
    case IndexField::Reason: return 'x';
    case IndexField::Class: return 'c';
    }
    return 's';
}

} // namespace

std::string entry_key(std::string_view id)
{
    return base::cat(entry_mark, id);
}

std::string time_key(char mark, base::WallTime when, std::string_view id)
{
    const auto us = static_cast<std::uint64_t>(std::max(0LL, base::unix_microseconds(when)));
    std::string key(1, mark);
    put(key, __builtin_bswap64(us));
    key += id;
    return key;
}

Due due_of(std::string_view key)
{
    if (key.size() < 1 + time_size)
        return {};
    const auto us = __builtin_bswap64(load<std::uint64_t>(key.data() + 1));
    return {base::from_unix_microseconds(static_cast<long long>(us)),
            mail::QueueId(key.substr(1 + time_size))};
}

std::string field_prefix(IndexField field, std::string_view value)
{
    std::string key = base::cat(field_mark(field), base::lower(value.substr(0, index_key_limit)));
    std::replace(key.begin(), key.end(), '\0', '?');
    key += '\0';
    return key;
}

std::vector<std::string> keys_of(const IndexEntry& entry)
{
    std::vector<std::string> keys;
    if (entry.queue == Queue::Deferred)
        keys.push_back(time_key(attempt_mark, entry.next_attempt, entry.id));
    keys.push_back(time_key(arrival_mark, entry.arrival, entry.id));
    keys.push_back(field_prefix(IndexField::Sender, entry.sender) + entry.id);
    for (const IndexedRecipient& recipient : entry.recipients) {
        keys.push_back(field_prefix(IndexField::Recipient, recipient.address) + entry.id);
        keys.push_back(field_prefix(IndexField::Domain, domain_of(recipient.address)) + entry.id);
        keys.push_back(field_prefix(IndexField::Destination, recipient.destination) + entry.id);
        keys.push_back(field_prefix(IndexField::Reason, recipient.reason) + entry.id);
        if (recipient.failure.kind != mail::FailureClass::None)
            keys.push_back(
                field_prefix(IndexField::Class, mail::failure_class_name(recipient.failure.kind)) +
                entry.id);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

std::string encode_entry(const IndexEntry& entry)
{
    std::string value;
    put(value, static_cast<std::uint8_t>(entry.queue));
    put<std::int64_t>(value, base::unix_microseconds(entry.next_attempt));
    put<std::int64_t>(value, base::unix_microseconds(entry.arrival));
    put(value, entry.size);
    put(value, static_cast<std::uint8_t>(entry.expired ? 1 : 0));
    put_text(value, entry.sender);
    put(value, entry.recipient_count);
    put(value, static_cast<std::uint32_t>(entry.recipients.size()));
    for (const IndexedRecipient& recipient : entry.recipients) {
        put_text(value, recipient.address);
        put_text(value, recipient.destination);
        put_text(value, recipient.reason);
        put(value, static_cast<std::uint8_t>(recipient.failure.kind));
        put(value, static_cast<std::uint8_t>(recipient.failure.hard));
    }
    return value;
}

base::Result<IndexEntry> decode_entry(std::string_view id, std::string_view value)
{
    Taker from{value};
    IndexEntry entry;
    entry.id = id;
    entry.queue = static_cast<Queue>(from.number_up_to(static_cast<std::uint8_t>(Queue::Corrupt)));
    entry.next_attempt = base::from_unix_microseconds(from.number<std::int64_t>());
    entry.arrival = base::from_unix_microseconds(from.number<std::int64_t>());
    entry.size = from.number<std::uint64_t>();
    entry.expired = from.number_up_to(1) != 0;
    entry.sender = from.text();
    entry.recipient_count = from.number<std::uint32_t>();
    const auto count = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && from.ok(); ++i) {
        IndexedRecipient recipient;
        recipient.address = from.text();
        recipient.destination = from.text();
        recipient.reason = from.text();
        recipient.failure.kind = static_cast<mail::FailureClass>(
            from.number_up_to(static_cast<std::uint8_t>(mail::FailureClass::Unknown)));
        recipient.failure.hard = from.number_up_to(1) != 0;
        entry.recipients.push_back(std::move(recipient));
    }
    if (!from.at_end())
        return base::permanent("damaged entry in the queue index");
    return entry;
}

std::string clean_mark(std::uint64_t size, std::uint32_t crc)
{
    return base::cat("posthouse queue index 3 ", size, " ", crc, "\n");
}

} // namespace queue::index_keys
