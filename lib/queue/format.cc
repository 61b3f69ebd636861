// SPDX-License-Identifier: Apache-2.0
// Superblock and envelope records; see format.h and FORMAT.md.
#include "lib/queue/format.h"

#include "lib/base/crc32c.h"
#include "lib/base/strings.h"
#include "lib/queue/bytes.h"

namespace queue::format {

namespace {

// Not text, so that a tool that converts line ends or strips bits is found out at once.
constexpr std::string_view magic{"\x89PHQ\r\n\x1a\n", 8};
constexpr std::size_t checksum_at = superblock_size - 4;
constexpr std::size_t record_header = 12;

enum Flag : std::uint32_t {
    EightBit = 1,
    EightBitHeader = 2,
    Nul = 4,
    DotLines = 8,
    BareNewline = 16,
    EndsWithNewline = 32,
};
constexpr std::uint32_t known_flags = 63;

// Set in the type of a record that a reader which does not know it passes over.
constexpr std::uint16_t optional_bit = 0x8000;

enum class Type : std::uint16_t {
    Identity = 1,
    Sender = 2,
    Client = 3,
    Schedule = 4,
    Attribute = 5,
    Recipient = 6,
    End = 7,
};

struct Record {
    std::uint16_t type = 0;
    std::string_view value;
    std::size_t next = 0; // Offset of the record after it.
};

base::Error damaged(std::string_view what)
{
    return base::permanent(base::cat("damaged queue file: ", what));
}

std::uint32_t flags_of(const ContentFacts& facts)
{
    return (facts.has_8bit ? EightBit : 0u) | (facts.has_8bit_header ? EightBitHeader : 0u) |
           (facts.has_nul ? Nul : 0u) | (facts.has_dot_lines ? DotLines : 0u) |
           (facts.has_bare_newline ? BareNewline : 0u) |
           (facts.ends_with_newline ? EndsWithNewline : 0u);
}

void set_flags(ContentFacts& facts, std::uint32_t flags)
{
    facts.has_8bit = flags & EightBit;
    facts.has_8bit_header = flags & EightBitHeader;
    facts.has_nul = flags & Nul;
    facts.has_dot_lines = flags & DotLines;
    facts.has_bare_newline = flags & BareNewline;
    facts.ends_with_newline = flags & EndsWithNewline;
}

// The regions follow each other without gaps; only the journal grows.
bool is_sound(const Layout& layout, std::uint64_t file_size)
{
    const ContentFacts& content = layout.content;
    return layout.content_offset == superblock_size &&
           content.size <= file_size - superblock_size &&
           layout.envelope_offset == superblock_size + content.size &&
           layout.envelope_size <= file_size - layout.envelope_offset &&
           layout.journal_offset == layout.envelope_offset + layout.envelope_size &&
           content.header_size <= content.size && content.longest_line <= content.size &&
           layout.recipient_count <= recipient_limit;
}

void put_record(std::string& to, Type type, std::string_view value)
{
    const std::size_t start = to.size();
    put<std::uint32_t>(to, 0);
    put(to, static_cast<std::uint16_t>(type));
    put<std::uint16_t>(to, 0);
    put(to, static_cast<std::uint32_t>(value.size()));
    to += value;
    store(&to[start], base::crc32c(std::string_view(to).substr(start + 4)));
}

base::Result<Record> record_at(std::string_view region, std::size_t at)
{
    if (at > region.size() || region.size() - at < record_header)
        return damaged("envelope without end");
    const char* head = region.data() + at;
    const auto length = load<std::uint32_t>(head + 8);
    if (length > record_limit || length > region.size() - at - record_header)
        return damaged("envelope record too long");
    if (base::crc32c(region.substr(at + 4, record_header - 4 + length)) !=
        load<std::uint32_t>(head))
        return damaged("envelope record checksum");
    if (load<std::uint16_t>(head + 6) != 0)
        return damaged("envelope record flags");
    return Record{load<std::uint16_t>(head + 4), region.substr(at + record_header, length),
                  at + record_header + length};
}

// Values, each written and read by neighbours, so that they stay alike.

std::string encode_identity(const Message& message)
{
    std::string value;
    put_text(value, message.id);
    put<std::int64_t>(value, base::unix_microseconds(message.envelope.arrival));
    return value;
}

bool decode_identity(Taker& from, Message& message)
{
    message.id = from.text();
    message.envelope.arrival = base::from_unix_microseconds(from.number<std::int64_t>());
    return mail::is_queue_id(message.id);
}

std::string encode_sender(const mail::Envelope& envelope)
{
    std::string value;
    put_text(value, envelope.sender);
    put_text(value, envelope.dsn_envid);
    put(value, static_cast<std::uint8_t>(envelope.dsn_return));
    put(value, static_cast<std::uint8_t>(envelope.body));
    put<std::uint8_t>(value, envelope.smtputf8);
    put(value, envelope.declared_size);
    return value;
}

bool decode_sender(Taker& from, Message& message)
{
    mail::Envelope& envelope = message.envelope;
    envelope.sender = from.text();
    envelope.dsn_envid = from.text();
    envelope.dsn_return = static_cast<mail::DsnReturn>(
        from.number_up_to(static_cast<std::uint8_t>(mail::DsnReturn::Headers)));
    envelope.body = static_cast<mail::BodyType>(
        from.number_up_to(static_cast<std::uint8_t>(mail::BodyType::EightBitMime)));
    envelope.smtputf8 = from.number_up_to(1) != 0;
    envelope.declared_size = from.number<std::int64_t>();
    return true;
}

std::string encode_client(const mail::Client& client)
{
    std::string value;
    put_text(value, client.name);
    put_text(value, client.reverse_name);
    put_text(value, client.address);
    put(value, client.port);
    put_text(value, client.helo);
    put_text(value, client.protocol);
    return value;
}

bool decode_client(Taker& from, Message& message)
{
    mail::Client& client = message.envelope.client;
    client.name = from.text();
    client.reverse_name = from.text();
    client.address = from.text();
    client.port = from.number<std::uint16_t>();
    client.helo = from.text();
    client.protocol = from.text();
    return true;
}

std::string encode_schedule(const Schedule& schedule)
{
    std::string value;
    put<std::int64_t>(value, base::unix_microseconds(schedule.warn_at));
    put<std::int64_t>(value, base::unix_microseconds(schedule.expire_at));
    return value;
}

bool decode_schedule(Taker& from, Message& message)
{
    message.schedule.warn_at = base::from_unix_microseconds(from.number<std::int64_t>());
    message.schedule.expire_at = base::from_unix_microseconds(from.number<std::int64_t>());
    return true;
}

std::string encode_attribute(const Attribute& attribute)
{
    std::string value;
    put_text(value, attribute.name);
    put_text(value, attribute.value);
    return value;
}

bool decode_attribute(Taker& from, Message& message)
{
    std::string name = from.text();
    message.attributes.push_back({std::move(name), from.text()});
    return message.attributes.size() <= attribute_limit;
}

// Most recipients were never rewritten: an empty original with this bit means "the same".
constexpr std::uint8_t same_original = 0x80;
constexpr std::uint8_t notify_bits = 0x0f;

std::string encode_recipient(const mail::Recipient& recipient)
{
    const bool same = recipient.original == recipient.address;
    std::string value;
    put(value, static_cast<std::uint8_t>((recipient.dsn_notify & notify_bits) |
                                         (same ? same_original : 0)));
    put_text(value, recipient.address);
    put_text(value, same ? std::string_view{} : recipient.original);
    put_text(value, recipient.dsn_orcpt);
    return value;
}

bool decode_recipient_value(Taker& from, mail::Recipient& recipient)
{
    const auto bits = from.number<std::uint8_t>();
    recipient.dsn_notify = bits & notify_bits;
    recipient.address = from.text();
    recipient.original = from.text();
    if (bits & same_original)
        recipient.original = recipient.address;
    recipient.dsn_orcpt = from.text();
    return (bits & ~(same_original | notify_bits)) == 0;
}

struct Decoder {
    Type type;
    bool (*decode)(Taker&, Message&);
    bool once;
};
constexpr Decoder decoders[] = {
    {Type::Identity, decode_identity, true},    {Type::Sender, decode_sender, true},
    {Type::Client, decode_client, true},        {Type::Schedule, decode_schedule, true},
    {Type::Attribute, decode_attribute, false},
};

// What has been seen of a region so far.
struct Progress {
    EnvelopeShape shape;
    std::uint32_t seen = 0; // One bit per type.
    std::uint32_t records = 0;
};

base::Result<void> decode_value(const Record& record, Progress& progress, Message& message)
{
    for (const Decoder& decoder : decoders) {
        if (static_cast<std::uint16_t>(decoder.type) != record.type)
            continue;
        const std::uint32_t bit = 1u << record.type;
        if (progress.shape.recipient_count > 0 || (decoder.once && (progress.seen & bit)))
            return damaged("envelope record out of place");
        progress.seen |= bit;
        Taker from{record.value};
        if (!decoder.decode(from, message) || !from.at_end())
            return damaged("envelope record value");
        return {};
    }
    if (record.type & optional_bit)
        return {};
    return base::permanent(base::cat("queue file has a record of unknown type ", record.type));
}

base::Result<void> check_recipient(const Record& record, std::size_t at, EnvelopeShape& shape)
{
    mail::Recipient recipient;
    Taker from{record.value};
    if (!decode_recipient_value(from, recipient) || !from.at_end())
        return damaged("recipient record");
    if (shape.recipient_count++ == 0)
        shape.recipients_at = at;
    if (shape.recipient_count > recipient_limit)
        return damaged("too many recipients");
    return {};
}

base::Result<void> check_end(const Record& record, const Progress& progress, std::size_t size)
{
    constexpr std::uint32_t needed = 1u << static_cast<unsigned>(Type::Identity) |
                                     1u << static_cast<unsigned>(Type::Sender) |
                                     1u << static_cast<unsigned>(Type::Client);
    Taker from{record.value};
    const auto records = from.number<std::uint32_t>();
    if (!from.at_end() || records != progress.records || record.next != size ||
        (progress.seen & needed) != needed)
        return damaged("end of envelope");
    return {};
}

} // namespace

std::string encode_superblock(const Layout& layout)
{
    std::string out{magic};
    put(out, major_version);
    put(out, minor_version);
    put<std::uint32_t>(out, superblock_size);
    put(out, layout.content_offset);
    put(out, layout.content.size);
    put(out, layout.envelope_offset);
    put(out, layout.envelope_size);
    put(out, layout.journal_offset);
    put(out, layout.content.header_size);
    put(out, layout.content_crc);
    put(out, layout.recipient_count);
    put(out, flags_of(layout.content));
    put(out, layout.content.longest_line);
    put(out, layout.content.received_count);
    out.resize(checksum_at, '\0');
    put(out, base::crc32c(out));
    return out;
}

base::Result<Layout> decode_superblock(std::string_view bytes, std::uint64_t file_size)
{
    if (bytes.size() < superblock_size || file_size < superblock_size)
        return damaged("shorter than its superblock");
    bytes = bytes.substr(0, superblock_size);
    if (!bytes.starts_with(magic))
        return base::permanent("not a queue file");
    if (base::crc32c(bytes.substr(0, checksum_at)) != load<std::uint32_t>(&bytes[checksum_at]))
        return damaged("superblock checksum");
    Taker from{bytes.substr(magic.size())};
    const auto major = from.number<std::uint16_t>();
    const auto minor = from.number<std::uint16_t>();
    if (major != major_version || from.number<std::uint32_t>() != superblock_size)
        return base::permanent(base::cat("queue file of unknown version ", major, ".", minor));
    Layout layout;
    layout.content_offset = from.number<std::uint64_t>();
    layout.content.size = from.number<std::uint64_t>();
    layout.envelope_offset = from.number<std::uint64_t>();
    layout.envelope_size = from.number<std::uint64_t>();
    layout.journal_offset = from.number<std::uint64_t>();
    layout.content.header_size = from.number<std::uint64_t>();
    layout.content_crc = from.number<std::uint32_t>();
    layout.recipient_count = from.number<std::uint32_t>();
    const auto flags = from.number<std::uint32_t>();
    layout.content.longest_line = from.number<std::uint32_t>();
    layout.content.received_count = from.number<std::uint32_t>();
    set_flags(layout.content, flags);
    if (!is_sound(layout, file_size) || (minor <= minor_version && flags > known_flags))
        return damaged("superblock");
    return layout;
}

base::Result<std::string> encode_envelope(const Message& message)
{
    if (message.recipients.size() > recipient_limit || message.attributes.size() > attribute_limit)
        return base::permanent("message has too many recipients or attributes");
    std::string out;
    std::uint32_t records = 0;
    std::size_t largest = 0;
    auto add = [&](Type type, const std::string& value) {
        put_record(out, type, value);
        largest = std::max(largest, value.size());
        ++records;
    };
    add(Type::Identity, encode_identity(message));
    add(Type::Sender, encode_sender(message.envelope));
    add(Type::Client, encode_client(message.envelope.client));
    if (message.schedule != Schedule{})
        add(Type::Schedule, encode_schedule(message.schedule));
    for (const Attribute& attribute : message.attributes)
        add(Type::Attribute, encode_attribute(attribute));
    for (const mail::Recipient& recipient : message.recipients)
        add(Type::Recipient, encode_recipient(recipient));
    if (largest > record_limit)
        return base::permanent("an envelope value is too long");
    std::string count;
    put(count, records);
    put_record(out, Type::End, count);
    return out;
}

base::Result<EnvelopeShape> decode_envelope(std::string_view region, Message& message)
{
    Progress progress;
    std::size_t at = 0;
    while (true) {
        auto record = record_at(region, at);
        if (!record)
            return record.error();
        base::Result<void> taken;
        if (record->type == static_cast<std::uint16_t>(Type::End)) {
            taken = check_end(*record, progress, region.size());
            return taken ? base::Result(progress.shape)
                         : base::Result<EnvelopeShape>(taken.error());
        }
        if (record->type == static_cast<std::uint16_t>(Type::Recipient))
            taken = check_recipient(*record, at, progress.shape);
        else
            taken = decode_value(*record, progress, message);
        if (!taken)
            return taken.error();
        ++progress.records;
        at = record->next;
    }
}

base::Result<mail::Recipient> decode_recipient(std::string_view region, std::size_t& at)
{
    while (true) {
        auto record = record_at(region, at);
        if (!record)
            return record.error();
        at = record->next;
        if (record->type & optional_bit)
            continue;
        mail::Recipient recipient;
        Taker from{record->value};
        if (record->type != static_cast<std::uint16_t>(Type::Recipient) ||
            !decode_recipient_value(from, recipient))
            return damaged("recipient record");
        return recipient;
    }
}

} // namespace queue::format
