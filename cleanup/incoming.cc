// SPDX-License-Identifier: Apache-2.0
// The message under way; see incoming.h.
#include "cleanup/incoming.h"

#include <algorithm>

#include "lib/base/parse.h"
#include "lib/base/strings.h"
#include "lib/mail/address.h"
#include "lib/mail/date.h"
#include "lib/mail/message_id.h"
#include "lib/mail/received.h"
#include "lib/mail/verp.h"

namespace cleanup {

using base::Result;
using base::Task;
namespace option = ipc::cleanup::option;

namespace {

constexpr std::size_t logged_text_limit = 200;

// Whether rules about content hold for the message at all.
bool checks_content(std::uint32_t options)
{
    return (options & (option::no_header_body_checks | option::internal)) == 0;
}

bool looks_at_content(const Settings& settings, std::uint32_t options)
{
    return checks_content(options) &&
           (!settings.reject.empty() || !settings.strip.empty() || settings.checks.wants_body());
}

mail::MimeWalk::Limits walk_limits(const config::CleanupParams& params)
{
    mail::MimeWalk::Limits limits;
    limits.nesting = static_cast<std::size_t>(params.mime_nesting_limit());
    limits.boundary_length = static_cast<std::size_t>(params.mime_boundary_length_limit());
    limits.header_size = static_cast<std::size_t>(params.header_size_limit());
    limits.line_length = static_cast<std::size_t>(params.line_length_limit());
    return limits;
}

// Our own notices are mapped, but not copied.
EnvelopeBuilder::Rules envelope_rules(const config::CleanupParams& params, std::uint32_t options)
{
    const bool mappings = (options & option::no_address_mappings) == 0;
    return {.map = mappings,
            .bcc = mappings && (options & option::internal) == 0,
            .remembered = static_cast<std::size_t>(params.duplicate_filter_limit())};
}

// RFC 5322 section 3.2.3 atext, blanks, and what RFC 6532 adds.
bool is_plain_word(char c)
{
    static constexpr std::string_view other = " !#$%&'*+-/=?^_`{|}~";
    return base::is_alnum(c) || other.find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string joined(const std::vector<std::string_view>& words)
{
    std::string out;
    for (const auto word : words)
        base::append(out, out.empty() ? "" : " ", word);
    return out;
}

// A display name (RFC 5322 section 3.2.5): words with a blank between them, or one quoted string.
std::string phrase(std::string_view name)
{
    if (std::all_of(name.begin(), name.end(), is_plain_word))
        return joined(base::split(name, " "));
    std::string out = "\"";
    for (char c : name) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return out += '"';
}

} // namespace

// A field of the text of one.
static mail::HeaderField as_field(std::string_view raw)
{
    return {raw.substr(0, mail::header_name_length(raw)), raw};
}

Incoming::Incoming(const Settings& settings, queue::MessageWriter writer, std::uint32_t options)
    : settings_(settings), writer_(std::move(writer)), log_(writer_.id() + ": "), options_(options),
      local_(has(option::local_rewrite)), filters_(looks_at_content(settings, options)),
      checks_header_(checks_content(options) && settings.checks.wants_header()),
      checks_body_(checks_content(options) && settings.checks.wants_body()),
      envelope_(settings.addressing, log_, envelope_rules(settings.params, options)),
      rules_(settings.params.message_drop_headers(), log_),
      splitter_(static_cast<std::size_t>(settings.params.header_size_limit())),
      walk_(walk_limits(settings.params), settings.checks.wants_body_lines())
{
}

Task<void> Incoming::begin(mail::Envelope envelope)
{
    if (has(option::verify))
        envelope_.attribute(queue::attribute::trace, "verify");
    else if (has(option::trace))
        envelope_.attribute(queue::attribute::trace, "record");
    if (local_)
        envelope_.attribute(queue::attribute::rewrite_context, "local");
    envelope.client.shows_port = has(option::show_port);
    return envelope_.begin(std::move(envelope));
}

Task<Result<void>> Incoming::action(std::string key, std::string value)
{
    if (key == "prepend") {
        if (started_)
            log_.warning("too late to prepend: ", value);
        else if (mail::header_name_length(value) > 0 && value.find('\n') == std::string::npos)
            base::append(prepend_, value, "\r\n");
        else
            log_.warning("bad header line to prepend: ", value);
    } else if (key == "discard") {
        disposition_.discard = true;
    } else if (key == "hold") {
        disposition_.hold = true;
        envelope_.attribute(queue::attribute::hold, std::move(value));
    } else if (key == "redirect") {
        co_await envelope_.redirect(std::move(value));
    } else if (key == "bcc") {
        co_await envelope_.bcc(std::move(value));
    } else if (key == "filter") {
        envelope_.attribute(queue::attribute::content_filter, std::move(value));
    } else if (key == "login" || key == "show_login") {
        authenticated_ = true;
        login_ = key == "show_login" ? value : "";
        envelope_.attribute(queue::attribute::login, std::move(value));
    } else if (key == "verp") {
        take_verp(std::move(value));
    } else if (key == "tls") {
        encrypted_ = true;
    } else if (key == "uid") {
        uid_ = std::move(value);
    } else if (key == "full_name") {
        full_name_ = std::move(value);
    } else if (key == "keep") {
        keep(value);
    } else {
        co_return base::permanent(base::cat("unknown action ", key));
    }
    co_return Result<void>{};
}

// Whoever asked was told if he asked for nonsense; what comes here has changed on the way.
void Incoming::take_verp(std::string delimiters)
{
    const bool good = mail::are_verp_delimiters(delimiters, settings_.verp_filter);
    if (good && !envelope_.envelope().sender.empty())
        return envelope_.attribute(queue::attribute::verp, std::move(delimiters));
    if (good)
        log_.warning("VERP request for null sender");
    else
        log_.warning("bad VERP delimiters: \"", delimiters, "\"");
    failure_.set(failure::bad_verp);
}

void Incoming::keep(std::string_view attribute)
{
    const std::string_view name = base::cut(attribute, '=');
    const auto& kept = queue::attribute::kept;
    if (std::find(std::begin(kept), std::end(kept), name) != std::end(kept))
        envelope_.add_attribute(name, std::string(attribute));
    else
        log_.warning("not kept: attribute ", name);
}

const Failure& Incoming::failure() const
{
    return failure_ ? failure_ : envelope_.failure();
}

void Incoming::append(std::string_view bytes)
{
    if (failure_)
        return;
    const auto written = writer_.append(bytes);
    if (written)
        return;
    if (!written.error().temporary()) {
        log_.warning("queue file size limit exceeded");
        return failure_.set(failure::too_big);
    }
    log_.warning("write queue file: ", written.error().text);
    failure_.set(failure::write_error);
}

// What this host puts above the message: lines of access rules, and its own Received field.
std::string Incoming::trace_fields() const
{
    std::string out = prepend_;
    if (has(option::internal))
        return out; // Our own notices bring their own Received field.
    const auto& envelope = envelope_.envelope();
    if (!uid_.empty()) {
        mail::LocalReceivedInfo info{settings_.common.myhostname(), settings_.common.mail_name(),
                                     writer_.id(), envelope.arrival,
                                     base::parse_int<unsigned>(uid_).value_or(0)};
        return out += mail::received_header(info);
    }
    static const mail::ReceivedTls some_tls;
    mail::ReceivedInfo info{.client = envelope.client,
                            .myhostname = settings_.common.myhostname(),
                            .mail_name = settings_.common.mail_name(),
                            .queue_id = writer_.id(),
                            .arrival = envelope.arrival,
                            .smtputf8 = envelope.smtputf8,
                            .recipient = {},
                            .login = login_,
                            .authenticated = authenticated_,
                            .tls = encrypted_ ? &some_tls : nullptr};
    std::string only;
    if (envelope_.given() == 1)
        only = mail::quote_address(envelope_.first_given());
    info.recipient = only;
    return out += mail::received_header(info);
}

std::string Incoming::missing_from(std::string_view prefix) const
{
    const std::string& sender = envelope_.envelope().sender;
    const auto context = local_ ? route::Context::Local : route::Context::Remote;
    const std::string address =
        sender.empty() ? settings_.addressing.mail_system(context) : mail::quote_address(sender);
    if (sender.empty() || full_name_.empty())
        return base::cat(prefix, "From: ", address, "\r\n");
    const std::string name = phrase(full_name_);
    return base::cat(prefix, "From: ", name, name.empty() ? "<" : " <", address, ">\r\n");
}

// Of local mail, or of all (always_add_missing_headers). When the message was resent, the fields
// of that sending are what it needs (RFC 5322 section 3.6.6).
std::string Incoming::missing_fields()
{
    using namespace field_kind;
    std::string out;
    const bool resent_now = rules_.resent();
    const std::string_view prefix = resent_now ? "Resent-" : "";
    const bool has_id = rules_.seen(resent_now ? resent_message_id : message_id);
    const auto& envelope = envelope_.envelope();
    const bool wanted = rewrites_header() || settings_.params.always_add_missing_headers();
    if (wanted && !has_id) {
        const std::string id =
            mail::make_message_id(envelope.arrival, writer_.id(), settings_.common.myhostname());
        base::append(out, prefix, "Message-Id: ", id, "\r\n");
        log_.info(resent_now ? "resent-" : "", "message-id=", id);
    }
    if (!rules_.seen(message_id) && (resent_now || !wanted))
        log_.info("message-id=<>");
    if (!wanted)
        return out;
    if (!rules_.seen(resent_now ? resent_date : date))
        base::append(out, prefix, "Date: ", mail::header_date(envelope.arrival), "\r\n");
    if (!rules_.seen(resent_now ? resent_from : from))
        out += missing_from(prefix);
    const auto& undisclosed = settings_.params.undisclosed_recipients_header();
    if (!rules_.seen(visible_recipient) && !undisclosed.empty())
        base::append(out, undisclosed, "\r\n");
    return out;
}

void HeaderFields::field(const mail::HeaderField& field)
{
    const std::size_t colon = std::min(field.raw.find(':'), field.raw.size());
    fields_.push_back(base::cat(field.name, field.raw.substr(colon)));
}

// Who gets the fields of the message's own header from the splitter.
mail::HeaderSink& Incoming::header_sink()
{
    return checks_header_ || checks_body_ ? static_cast<mail::HeaderSink&>(fields_) : rules_;
}

// header_checks: what is left of the fields that have come goes on to the rules.
Task<void> Incoming::check_fields()
{
    const std::vector<std::string> fields = fields_.take();
    for (const auto& raw : fields) {
        if (disposition_.discard)
            co_return;
        walk_.own_field(as_field(raw));
        auto checked = co_await checks_.field(ContentChecks::Place::Message, raw);
        rules_.insert(checked.before);
        if (checked.kept)
            rules_.field(as_field(checked.text));
    }
}

// The checks of what is in the body.
Task<void> Incoming::check_items(std::vector<mail::MimeItem> items)
{
    using Kind = mail::MimeItem::Kind;
    for (auto& item : items) {
        if (failure_ || disposition_.discard)
            co_return;
        if (item.kind == Kind::Text) {
            append(item.text);
            continue;
        }
        ContentChecks::Result checked;
        if (item.kind == Kind::Line)
            checked = co_await checks_.line(std::move(item.text), item.offset);
        else if (item.kind == Kind::PartField)
            checked = co_await checks_.field(ContentChecks::Place::Part, std::move(item.text));
        else
            checked = co_await checks_.field(ContentChecks::Place::Nested, std::move(item.text));
        append(checked.before);
        if (checked.kept)
            append(base::cat(checked.text, item.line_end));
    }
}

Task<void> Incoming::check_body(std::string_view bytes)
{
    if (!checks_body_) {
        append(bytes);
        co_return;
    }
    std::vector<mail::MimeItem> items;
    walk_.feed(bytes, items);
    co_await check_items(std::move(items));
    if (walk_.too_deep() && !failure_) {
        log_action(log_, envelope_, "reject",
                   base::cat("mime-error ", failure::nested_too_deep.text), {});
        failure_.set(failure::nested_too_deep);
    }
}

// The kept fields go out; those with addresses are rewritten first.
Task<void> Incoming::write_kept()
{
    co_await check_fields();
    if (rules_.nothing_kept())
        co_return;
    const HeaderRules::Kept kept = rules_.take();
    line_ended_ = kept.text.back() == '\n';
    const std::string_view text = kept.text;
    utf8_header_ = utf8_header_ || !base::is_ascii(text);
    if (!rewrites_header() || kept.addressed.empty())
        co_return append(text);
    const Addressing::Rules rules{local_ ? route::Context::Local : route::Context::Remote,
                                  !has(option::no_address_mappings)};
    std::size_t done = 0;
    for (const auto& one : kept.addressed) {
        append(text.substr(done, one.offset - done));
        done = one.offset + one.length;
        auto rewritten = co_await settings_.addressing.rewrite_field(
            std::string(text.substr(one.offset, one.length)), one.role, rules);
        if (!rewritten) {
            log_.warning(rewritten.error().text);
            failure_.set(failure::write_error);
            co_return;
        }
        append(*rewritten);
    }
    append(text.substr(done));
}

Task<void> Incoming::end_header()
{
    header_ended_ = true;
    co_await write_kept();
    if (!line_ended_) // The message ends within a header line.
        append("\r\n");
    const auto limit = settings_.params.hopcount_limit();
    if (static_cast<std::int64_t>(rules_.received_count()) >= limit) {
        log_.warning("message rejected: hopcount exceeded");
        failure_.set(failure::too_many_hops);
    }
    append(missing_fields());
}

// Feeds the header; what belongs to the body goes on at once.
Task<void> Incoming::header(std::string_view bytes)
{
    const std::size_t taken = splitter_.feed(bytes, header_sink());
    if (!splitter_.in_body()) {
        co_await write_kept();
        co_return;
    }
    co_await end_header();
    append("\r\n");
    co_await check_body(splitter_.held_body());
    co_await check_body(bytes.substr(taken));
}

void Incoming::start()
{
    started_ = true;
    splitter_.feed(trace_fields(), header_sink());
}

// The first bytes of the message. One that begins with a blank has no header: its first line must
// not continue ours. The first line of a mailbox file is no header field either, but what comes
// after it is the header.
Task<void> Incoming::first_content(std::string_view bytes)
{
    start();
    const auto text = bytes.substr(std::min(bytes.find_first_not_of('>'), bytes.size()));
    if (bytes.front() == ' ' || bytes.front() == '\t')
        co_await header("\r\n");
    else if (text.starts_with("From ") && !has(option::internal))
        co_await header("X-Mailbox-Line: ");
}

// message_reject_characters. Names the text in the log, as header and body checks do.
bool Incoming::acceptable(std::string_view bytes)
{
    if (settings_.reject.empty() || !settings_.reject.any_in(bytes))
        return true;
    const auto found = std::find_if(bytes.begin(), bytes.end(),
                                    [this](char c) { return settings_.reject.has(c); });
    const auto at = static_cast<std::size_t>(found - bytes.begin());
    const auto before = bytes.rfind('\n', at);
    std::string_view line = bytes.substr(before == std::string_view::npos ? 0 : before + 1);
    line = line.substr(0, line.find('\r')).substr(0, logged_text_limit);
    log_action(log_, envelope_, "reject", base::cat("content ", line),
               "5.7.1 disallowed character");
    failure_.set(failure::bad_character);
    return false;
}

Task<void> Incoming::content(std::string_view bytes)
{
    if (disposition_.discard || failure_ || bytes.empty())
        co_return;
    std::string stripped;
    if (filters_) {
        if (!acceptable(bytes))
            co_return;
        if (!settings_.strip.empty())
            bytes = stripped = settings_.strip.without(bytes);
    }
    if (!started_ && !bytes.empty())
        co_await first_content(bytes);
    if (header_ended_)
        co_await check_body(bytes);
    else
        co_await header(bytes);
}

Task<void> Incoming::end()
{
    if (envelope_.given() == 0)
        failure_.set(failure::no_recipients);
    co_await envelope_.end();
    if (failure())
        co_return;
    if (!started_) // The message is empty.
        start();
    if (!header_ended_) {
        splitter_.finish(header_sink());
        co_await end_header();
        if (!splitter_.held_body().empty()) {
            append("\r\n");
            co_await check_body(splitter_.held_body());
        }
    }
    std::vector<mail::MimeItem> items;
    walk_.finish(items);
    co_await check_items(std::move(items));
}

Result<queue::UncommittedMessage> Incoming::finish()
{
    const auto& facts = writer_.end_of_content();
    auto& envelope = envelope_.envelope();
    // What sendmail(1) submits cannot ask for it. The sender's name, which is written here where
    // there is no From field, does not: it must not cost anybody his mail.
    if (envelope.client.protocol.empty() && (utf8_header_ || envelope_.has_utf8()))
        envelope.smtputf8 = true;
    // Many clients send 8-bit text without saying so (RFC 6152); the next server is told.
    if (envelope.body == mail::BodyType::Unspecified && facts.has_8bit)
        envelope.body = mail::BodyType::EightBitMime;
    return writer_.finish(envelope_.take(), held() ? queue::Queue::Hold : queue::Queue::Incoming);
}

} // namespace cleanup
