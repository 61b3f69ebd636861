// SPDX-License-Identifier: Apache-2.0
// The DNS answer parser; see dns_answer.h.
#include "services/resolver/dns_answer.h"

#include <algorithm>
#include <arpa/inet.h>
#include <optional>

#include "lib/base/strings.h"

namespace resolver {

namespace {

using ipc::resolver::Answer;
using ipc::resolver::Record;
using ipc::resolver::Status;
using ipc::resolver::Type;

constexpr std::size_t header_size = 12;
constexpr std::size_t name_limit = 255;
constexpr int pointer_limit = 64;

// Reads one message; every read checks the end.
class Reader {
public:
    explicit Reader(std::string_view message) : message_(message) {}

    bool failed() const { return failed_; }
    std::size_t position() const { return position_; }
    void seek(std::size_t position)
    {
        failed_ = failed_ || position > message_.size();
        position_ = position;
    }

    unsigned u8()
    {
        if (failed_ || position_ >= message_.size()) {
            failed_ = true;
            return 0;
        }
        return static_cast<unsigned char>(message_[position_++]);
    }
    unsigned u16()
    {
        unsigned high = u8();
        return high << 8 | u8();
    }
    std::uint32_t u32()
    {
        std::uint32_t high = u16();
        return high << 16 | u16();
    }
    std::string_view bytes(std::size_t count)
    {
        if (failed_ || count > message_.size() - position_) {
            failed_ = true;
            return {};
        }
        auto part = message_.substr(position_, count);
        position_ += count;
        return part;
    }

    // RFC 1035 4.1.4. The text has no final dot; the root is "". Any bytes may be in it: see
    // is_host_name().
    std::string name();

private:
    std::string_view message_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

std::string Reader::name()
{
    std::string text;
    std::size_t resume = 0;
    int pointers = 0;
    while (!failed_) {
        unsigned length = u8();
        if (length == 0)
            break;
        if ((length & 0xc0) == 0xc0) {
            std::size_t target = (length & 0x3f) << 8 | u8();
            if (resume == 0)
                resume = position_;
            failed_ = failed_ || ++pointers > pointer_limit;
            seek(target);
            continue;
        }
        failed_ = failed_ || length > 63 || text.size() + length + 1 > name_limit;
        if (failed_)
            break;
        base::append(text, text.empty() ? "" : ".");
        for (char c : bytes(length))
            base::append(text, c == '.' ? "\\" : "", c); // A dot inside a label separates nothing.
    }
    if (resume != 0)
        position_ = resume;
    return text;
}

// What could be taken for something else in a log, a header or a look-up is no name to us.
bool is_host_name(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return base::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '/';
    });
}

std::optional<Record> address_record(std::string_view data, int family)
{
    char text[INET6_ADDRSTRLEN];
    std::size_t want = family == AF_INET ? 4 : 16;
    if (data.size() != want || ::inet_ntop(family, data.data(), text, sizeof text) == nullptr)
        return std::nullopt;
    return Record{text, 0, 0, 0};
}

// A host name that ends exactly where the record does.
std::optional<Record> name_record(Reader& reader, std::size_t end, Record record)
{
    record.data = reader.name();
    if (reader.failed() || reader.position() != end)
        return std::nullopt;
    return record;
}

std::optional<Record> text_record(std::string_view data)
{
    Record record;
    while (!data.empty()) {
        auto length = static_cast<unsigned char>(data[0]);
        if (data.size() < length + 1u)
            return std::nullopt;
        record.data.append(data.substr(1, length));
        data.remove_prefix(length + 1u);
    }
    return record;
}

std::optional<Record> read_record(Reader& reader, unsigned type, std::size_t size)
{
    std::size_t end = reader.position() + size;
    Record record;
    switch (static_cast<Type>(type)) {
    case Type::A: return address_record(reader.bytes(size), AF_INET);
    case Type::AAAA: return address_record(reader.bytes(size), AF_INET6);
    case Type::MX:
        record.preference = static_cast<std::uint16_t>(reader.u16());
        return name_record(reader, end, record);
    case Type::SRV:
        record.preference = static_cast<std::uint16_t>(reader.u16());
        record.weight = static_cast<std::uint16_t>(reader.u16());
        record.port = static_cast<std::uint16_t>(reader.u16());
        return name_record(reader, end, record);
    case Type::NS:
    case Type::CNAME:
    case Type::PTR: return name_record(reader, end, record);
    case Type::TXT: return text_record(reader.bytes(size));
    case Type::SOA:
    case Type::TLSA: return Record{std::string(reader.bytes(size)), 0, 0, 0};
    }
    return Record{std::string(reader.bytes(size)), 0, 0, 0};
}

// A name in a record is usable for our purposes: the root as exchange (null MX, RFC 7505) is.
bool is_usable(const Record& record, unsigned type)
{
    switch (static_cast<Type>(type)) {
    case Type::MX:
    case Type::SRV: return record.data.empty() || is_host_name(record.data);
    case Type::NS:
    case Type::CNAME:
    case Type::PTR: return is_host_name(record.data);
    case Type::A:
    case Type::AAAA:
    case Type::TXT:
    case Type::SOA:
    case Type::TLSA: return true;
    }
    return true;
}

Answer failure(std::string text)
{
    Answer answer;
    answer.status = Status::TemporaryFailure;
    answer.text = std::move(text);
    return answer;
}

// Reads the answer section: records of the wanted type for the name the question's CNAMEs lead to.
// False when there were some, but none that can be used, or too many CNAMEs: nothing is known then.
bool read_answers(Reader& reader, unsigned count, unsigned type, std::string owner, Answer& answer)
{
    int aliases = 0;
    bool bad = false;
    std::uint32_t ttl = 0x7fffffff;
    for (unsigned i = 0; i < count && !reader.failed(); ++i) {
        std::string name = reader.name();
        unsigned record_type = reader.u16();
        unsigned record_class = reader.u16();
        std::uint32_t record_ttl = reader.u32();
        std::size_t size = reader.u16();
        std::size_t end = reader.position() + size;
        auto record = read_record(reader, record_type, size);
        reader.seek(end);
        bool alias = record_type == static_cast<unsigned>(Type::CNAME) && record_type != type;
        bool ours =
            record_class == 1 && base::iequals(name, owner) && (record_type == type || alias);
        if (!ours || answer.records.size() >= record_limit)
            continue;
        bool usable = record.has_value() && is_usable(*record, record_type);
        bad = bad || !usable || (alias && aliases == cname_limit);
        if (!usable)
            continue;
        ttl = std::min(ttl, record_ttl);
        if (!alias) {
            answer.records.push_back(std::move(*record));
        } else if (++aliases <= cname_limit) {
            owner = record->data;
            answer.canonical = owner;
        }
    }
    answer.ttl = answer.records.empty() ? 0 : ttl;
    return !bad || !answer.records.empty();
}

} // namespace

ipc::resolver::Answer parse_answer(std::string_view message, std::uint16_t type)
{
    if (message.size() < header_size)
        return failure("malformed DNS answer");
    Reader reader(message);
    reader.seek(2);
    unsigned flags = reader.u16();
    unsigned questions = reader.u16();
    unsigned answers = reader.u16();
    reader.seek(header_size);
    if (questions != 1)
        return failure("malformed DNS answer");
    std::string owner = reader.name();
    reader.seek(reader.position() + 4);
    unsigned code = flags & 15;
    if (code != 0 && code != 3)
        return failure("DNS server failure");
    Answer answer;
    bool useful = read_answers(reader, answers, type, std::move(owner), answer);
    if (reader.failed() || !useful)
        return failure("malformed DNS answer");
    if (code == 3)
        answer.records.clear();
    answer.status = code == 3                ? Status::NoDomain
                    : answer.records.empty() ? Status::NoData
                                             : Status::Ok;
    return answer;
}

std::string reverse_domain(std::string_view bytes)
{
    static constexpr char hex[] = "0123456789abcdef";
    std::string domain;
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
        auto value = static_cast<unsigned char>(*byte);
        if (bytes.size() == 4)
            base::append(domain, static_cast<unsigned>(value), '.');
        else
            base::append(domain, hex[value & 15], '.', hex[value >> 4], '.');
    }
    return domain + (bytes.size() == 4 ? "in-addr.arpa" : "ip6.arpa");
}

} // namespace resolver
