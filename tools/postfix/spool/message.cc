// SPDX-License-Identifier: Apache-2.0
// Messages in Postfix's queue files; see message.h. A file has three segments, each ended by a
// record of its own: envelope (M), content (X), what was extracted from headers (E).
#include "tools/postfix/spool/message.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace spool {

namespace {

constexpr std::size_t not_understood_limit = 20;
constexpr std::size_t shown_value = 100;

// Bits of trace_flags.
constexpr unsigned trace_mta_verify = 256, trace_user_verify = 512, trace_record = 1024;

enum class Segment : unsigned char { Envelope, Content, Extracted, End };

class Parser {
public:
    Parser(RecordReader& records, Origin origin, ContentSink& sink)
        : records_(records), origin_(origin), sink_(sink)
    {
    }
    base::Result<SpoolMessage> run();

private:
    using Handler = void (Parser::*)(std::string_view);
    struct RecordRow {
        char type;
        Handler take;
    };
    struct AttributeRow {
        std::string_view name;
        Handler take;
    };
    static const RecordRow record_rows[];
    static const AttributeRow attribute_rows[];

    base::Result<void> take(const Record& record);
    base::Result<void> take_content(const Record& record);
    void take_envelope(const Record& record);
    base::Result<void> begin_content();
    base::Result<SpoolMessage> finish();
    bool is_sane() const;
    void add_recipient(const Record& record, bool done);
    void note(std::string text);
    void set_attribute(std::string_view name, std::string_view value);

    void nothing(std::string_view) {}
    void size(std::string_view data);
    void time(std::string_view data);
    void sender(std::string_view data);
    void full_name(std::string_view data) { message_.full_name = data; }
    void inspector(std::string_view data) { note(base::cat("inspection by ", data)); }
    void verp(std::string_view d) { set_attribute(queue::attribute::verp, d); }
    void filter(std::string_view d) { set_attribute(queue::attribute::content_filter, d); }
    void redirect(std::string_view d) { set_attribute(queue::attribute::redirect, d); }
    void warning(std::string_view data);
    void original(std::string_view data) { pending_.original = data; }
    void attribute(std::string_view data);
    void dsn_original(std::string_view data) { pending_.dsn_orcpt = data; }
    void notify(std::string_view data);
    void return_what(std::string_view data);
    void envelope_id(std::string_view data) { message_.envelope.dsn_envid = data; }
    void encoding(std::string_view data);
    void trace(std::string_view data);
    void client_name(std::string_view d) { client_.name = d; }
    void client_address(std::string_view d) { client_.address = d; }
    void client_port(std::string_view d) { client_.port = port_of(d); }
    void client_helo(std::string_view d) { client_.helo = d; }
    void client_protocol(std::string_view d) { client_.protocol = d; }
    void reverse_name(std::string_view d) { message_.envelope.client.reverse_name = d; }
    void logged_name(std::string_view d) { logged_client_ = true, logged_.name = d; }
    void logged_address(std::string_view d) { logged_client_ = true, logged_.address = d; }
    void logged_port(std::string_view d) { logged_client_ = true, logged_.port = port_of(d); }
    void logged_helo(std::string_view d) { logged_client_ = true, logged_.helo = d; }
    void logged_protocol(std::string_view d) { logged_client_ = true, logged_.protocol = d; }
    void identity(std::string_view d) { set_attribute(queue::attribute::original_queue_id, d); }
    void login(std::string_view d) { set_attribute(queue::attribute::login, d); }
    void login_method(std::string_view d) { set_attribute(queue::attribute::login_method, d); }
    void login_sender(std::string_view d) { set_attribute(queue::attribute::login_sender, d); }
    static std::uint16_t port_of(std::string_view data)
    {
        return base::parse_int<std::uint16_t>(data).value_or(0);
    }

    RecordReader& records_;
    Origin origin_;
    ContentSink& sink_;
    Segment segment_ = Segment::Envelope;
    SpoolMessage message_;
    mail::Recipient pending_; // What was said of the recipient that comes next.
    mail::Client client_;     // Who connected, and who Postfix says in the log: XFORWARD.
    mail::Client logged_;
    bool logged_client_ = false;
    bool has_size_ = false, has_time_ = false, has_sender_ = false;
    std::uint64_t content_offset_ = 0;
    std::uint64_t recipient_count_ = 0;
};

const Parser::RecordRow Parser::record_rows[] = {
    {type::size, &Parser::size},
    {type::time, &Parser::time},
    {type::create_time, &Parser::nothing},
    {type::full_name, &Parser::full_name},
    {type::inspector, &Parser::inspector},
    {type::filter, &Parser::filter},
    {type::sender, &Parser::sender},
    {type::original_recipient, &Parser::original},
    {type::warning, &Parser::warning},
    {type::attribute, &Parser::attribute},
    {type::killed, &Parser::nothing},
    {type::redirect, &Parser::redirect},
    {type::flags, &Parser::nothing},
    {type::delay, &Parser::nothing},
    {type::return_receipt, &Parser::nothing}, // Extracted from headers that are still there.
    {type::errors_to, &Parser::nothing},
    {type::priority, &Parser::nothing},
    {type::verp, &Parser::verp},
    {type::milter_count, &Parser::nothing},
};

const Parser::AttributeRow Parser::attribute_rows[] = {
    {"dsn_orig_rcpt", &Parser::dsn_original},
    {"notify_flags", &Parser::notify},
    {"envelope_id", &Parser::envelope_id},
    {"ret_flags", &Parser::return_what},
    {"encoding", &Parser::encoding},
    {"trace_flags", &Parser::trace},
    {"client_name", &Parser::client_name},
    {"client_address", &Parser::client_address},
    {"client_port", &Parser::client_port},
    {"helo_name", &Parser::client_helo},
    {"protocol_name", &Parser::client_protocol},
    {"reverse_client_name", &Parser::reverse_name},
    {"log_client_name", &Parser::logged_name},
    {"log_client_address", &Parser::logged_address},
    {"log_client_port", &Parser::logged_port},
    {"log_helo_name", &Parser::logged_helo},
    {"log_protocol_name", &Parser::logged_protocol},
    {"log_ident", &Parser::identity},
    {"sasl_username", &Parser::login},
    {"sasl_method", &Parser::login_method},
    {"sasl_sender", &Parser::login_sender},
    // What served only cleanup and its milters, or is said elsewhere in the file.
    {"rewrite_context", &Parser::nothing},
    {"create_time", &Parser::nothing},
    {"client_address_type", &Parser::nothing},
    {"server_address", &Parser::nothing},
    {"server_port", &Parser::nothing},
    {"message_origin", &Parser::nothing},
    {"log_message_origin", &Parser::nothing},
    {"sendopts", &Parser::nothing},
};

void Parser::note(std::string text)
{
    if (message_.not_understood.size() < not_understood_limit)
        message_.not_understood.push_back(std::move(text));
}

// The later one counts: what was extracted from the content comes last.
void Parser::set_attribute(std::string_view name, std::string_view value)
{
    auto& all = message_.attributes;
    std::erase_if(all, [&](const queue::Attribute& one) { return one.name == name; });
    if (!value.empty())
        all.push_back({std::string(name), std::string(value)});
}

// "content-size content-offset recipients flags length smtputf8", padded; older ones end earlier.
void Parser::size(std::string_view data)
{
    const auto words = base::split(data, " ");
    const auto number = [&](std::size_t i) {
        return i < words.size() ? base::parse_int<std::uint64_t>(words[i]).value_or(0) : 0;
    };
    has_size_ = true;
    content_offset_ = number(1);
    recipient_count_ = number(2);
    message_.envelope.smtputf8 = (number(5) & 1) != 0;
}

void Parser::time(std::string_view data)
{
    const auto words = base::split(data, " ");
    const auto second = words.empty() ? std::nullopt : base::parse_int<std::int64_t>(words[0]);
    if (!second || *second <= 0 || *second > 1LL << 40 || has_time_)
        return;
    const auto part = words.size() > 1 ? base::parse_int<std::uint32_t>(words[1]) : std::nullopt;
    has_time_ = true;
    message_.envelope.arrival =
        base::from_unix_microseconds(*second * 1'000'000 + part.value_or(0) % 1'000'000);
}

void Parser::sender(std::string_view data)
{
    if (!std::exchange(has_sender_, true))
        message_.envelope.sender = data;
}

// Zero: the warning was sent.
void Parser::warning(std::string_view data)
{
    const auto second = base::parse_int<std::int64_t>(base::trim(data));
    if (!second || *second < 0 || *second > 1LL << 40)
        return note("the time of the delay warning");
    message_.warning_sent = *second == 0;
    message_.schedule.warn_at = *second == 0 ? base::WallTime{} : base::from_unix_seconds(*second);
}

void Parser::attribute(std::string_view data)
{
    const auto equals = data.find('=');
    const auto name = base::trim(data.substr(0, equals));
    const auto value =
        equals == std::string_view::npos ? std::string_view{} : base::trim(data.substr(equals + 1));
    const auto* row = std::find_if(std::begin(attribute_rows), std::end(attribute_rows),
                                   [&](const AttributeRow& one) { return one.name == name; });
    if (row == std::end(attribute_rows))
        return note(base::cat("attribute ", data.substr(0, shown_value)));
    (this->*row->take)(value);
}

void Parser::notify(std::string_view data)
{
    const auto bits = base::parse_int<std::uint8_t>(data);
    if (!bits || *bits > 15)
        return note(base::cat("NOTIFY ", data.substr(0, shown_value)));
    pending_.dsn_notify = *bits;
}

void Parser::return_what(std::string_view data)
{
    message_.envelope.dsn_return = data == "1"   ? mail::DsnReturn::Full
                                   : data == "2" ? mail::DsnReturn::Headers
                                                 : mail::DsnReturn::Unspecified;
}

void Parser::encoding(std::string_view data)
{
    message_.envelope.body = data == "8bit"   ? mail::BodyType::EightBitMime
                             : data == "7bit" ? mail::BodyType::SevenBit
                                              : mail::BodyType::Unspecified;
}

void Parser::trace(std::string_view data)
{
    const auto bits = base::parse_int<unsigned>(data).value_or(0);
    if ((bits & (trace_mta_verify | trace_user_verify)) != 0)
        message_.check_only = true;
    else if ((bits & trace_record) != 0)
        set_attribute(queue::attribute::trace, "record");
}

void Parser::add_recipient(const Record& record, bool done)
{
    mail::Recipient recipient = std::exchange(pending_, {});
    recipient.address = record.data;
    if (recipient.original.empty())
        recipient.original = recipient.address;
    message_.recipients.push_back({std::move(recipient), record.offset, done});
}

void Parser::take_envelope(const Record& record)
{
    const auto* row = std::find_if(std::begin(record_rows), std::end(record_rows),
                                   [&](const RecordRow& one) { return one.type == record.type; });
    if (row != std::end(record_rows))
        (this->*row->take)(record.data);
    else if (record.type == type::recipient)
        add_recipient(record, false);
    else if (record.type == type::done || record.type == type::cancelled)
        add_recipient(record, true);
    else
        note(base::cat("record of type ", base::printable(std::string_view(&record.type, 1))));
}

// Whatever was accepted from a client has passed these checks: what has not would be sent on as
// commands of our own.
bool Parser::is_sane() const
{
    const auto good = [](std::string_view text) {
        return text.size() <= mail::address_limit &&
               std::none_of(text.begin(), text.end(), [](char c) {
                   return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
               });
    };
    const auto& envelope = message_.envelope;
    const auto& client = envelope.client;
    for (const auto* text :
         {&client.name, &client.reverse_name, &client.address, &client.helo, &client.protocol})
        if (!good(*text))
            return false;
    return good(envelope.sender) && good(envelope.dsn_envid) && good(message_.full_name) &&
           std::all_of(message_.attributes.begin(), message_.attributes.end(),
                       [&](const queue::Attribute& one) { return good(one.value); }) &&
           std::all_of(message_.recipients.begin(), message_.recipients.end(),
                       [&](const SpoolRecipient& one) {
                           return good(one.recipient.address) && good(one.recipient.original) &&
                                  good(one.recipient.dsn_orcpt);
                       });
}

// The size record tells where the content begins: a check that costs nothing.
base::Result<void> Parser::begin_content()
{
    segment_ = Segment::Content;
    if (has_size_ && content_offset_ != 0 && content_offset_ != records_.position())
        return base::permanent("damaged: the content is not where the size record says");
    return {};
}

// Postfix cuts lines where they end: none of its records has a line end inside.
base::Result<void> Parser::take_content(const Record& record)
{
    if (record.data.find('\n') != std::string_view::npos)
        return base::permanent(
            base::cat("damaged: a line end inside the line at byte ", record.offset));
    if (record.type == type::extracted) {
        segment_ = Segment::Extracted;
        return {};
    }
    if (record.type != type::line && record.type != type::continued_line)
        return base::permanent(
            base::cat("damaged: a record at byte ", record.offset, " that is no content"));
    auto taken = sink_.append(record.data);
    return taken && record.type == type::line ? sink_.append("\r\n") : taken;
}

base::Result<void> Parser::take(const Record& record)
{
    if (segment_ == Segment::Content)
        return take_content(record);
    if (segment_ == Segment::Envelope && record.type == type::message)
        return begin_content();
    if (segment_ == Segment::Extracted && record.type == type::end) {
        segment_ = Segment::End;
        return {};
    }
    if (message_.recipients.size() >= queue::recipient_limit)
        return base::permanent("has too many recipients");
    take_envelope(record);
    return {};
}

base::Result<SpoolMessage> Parser::finish()
{
    if (origin_ == Origin::Queue && !has_size_)
        return base::permanent("damaged: no size record");
    if (!has_time_ && origin_ == Origin::Queue)
        return base::permanent("damaged: no time of arrival");
    if (!has_sender_ && origin_ == Origin::Queue)
        return base::permanent("damaged: no sender");
    if (has_size_ && recipient_count_ != message_.recipients.size())
        note(base::cat("recipients: ", message_.recipients.size(), ", not ", recipient_count_,
                       " as the size record says"));
    auto& client = message_.envelope.client;
    const std::string reverse = client.reverse_name;
    client = logged_client_ ? logged_ : client_;
    client.reverse_name = reverse;
    if (!is_sane())
        return base::permanent("damaged: an address or an attribute that no client can have sent");
    return std::move(message_);
}

base::Result<SpoolMessage> Parser::run()
{
    while (segment_ != Segment::End) {
        auto record = records_.next();
        if (!record)
            return record.error();
        if (auto taken = take(*record); !taken)
            return taken.error();
    }
    return finish();
}

} // namespace

base::Result<SpoolMessage> read_message(RecordReader& records, Origin origin, ContentSink& sink)
{
    return Parser{records, origin, sink}.run();
}

} // namespace spool
