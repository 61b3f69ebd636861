// SPDX-License-Identifier: Apache-2.0
// Checks of what goes out; see outgoing_checks.h. The words and log lines are Postfix's.
#include "lib/delivery/outgoing_checks.h"

#include <algorithm>
#include <iterator>

#include "lib/base/log.h"
#include "lib/base/strings.h"
#include "lib/mail/check_answer.h"

namespace delivery {

using base::Result;
using base::Task;
using smtp::ContentChunk;

namespace {

constexpr std::size_t logged_text_limit = 60;
// cleanup has cut what header_size_limit does not allow; nothing is cut again here.
constexpr std::size_t field_limit = 64 * 1024 * 1024;

enum class Act : unsigned char { Nothing, Warn, Info, Prepend, Replace, Strip, Ignore };
struct Action {
    std::string_view word;
    Act act;
};
constexpr Action actions[] = {{"DUNNO", Act::Nothing},   {"OK", Act::Nothing},
                              {"WARN", Act::Warn},       {"INFO", Act::Info},
                              {"PREPEND", Act::Prepend}, {"REPLACE", Act::Replace},
                              {"STRIP", Act::Strip},     {"IGNORE", Act::Ignore}};

} // namespace

OutgoingTables::OutgoingTables(table::Tables& tables, const config::SmtpClientParams& params)
    : header(tables, params.header_checks.name(), params.header_checks()),
      mime(tables, params.mime_header_checks.name(), params.mime_header_checks()),
      nested(tables, params.nested_header_checks.name(), params.nested_header_checks()),
      body(tables, params.body_checks.name(), params.body_checks()),
      body_size(static_cast<std::uint64_t>(params.body_checks_size_limit()))
{
    limits.nesting = static_cast<std::size_t>(params.mime_nesting_limit());
    limits.boundary_length = static_cast<std::size_t>(params.mime_boundary_length_limit());
    limits.header_size = field_limit;
}

CheckedContent::CheckedContent(smtp::ContentSource& content, const OutgoingTables& tables,
                               std::string_view queue_id)
    : content_(content), tables_(tables), queue_id_(queue_id), splitter_(field_limit),
      walk_(tables.limits, !tables.body.empty())
{
}

Task<Result<ContentChunk>> CheckedContent::next()
{
    out_.clear();
    const auto chunk = co_await content_.next();
    if (!chunk)
        co_return chunk.error();
    const auto taken = co_await take(chunk->bytes, chunk->last);
    if (!taken)
        co_return taken.error();
    co_return ContentChunk{out_, chunk->last};
}

Task<Result<void>> CheckedContent::take(std::string_view bytes, bool last)
{
    Result<void> done;
    if (in_body_) {
        done = co_await take_body(bytes);
    } else {
        const std::size_t taken = splitter_.feed(bytes, fields_);
        const bool body_begins = splitter_.in_body();
        if (last && !body_begins)
            splitter_.finish(fields_);
        done = co_await take_fields();
        if (done && body_begins)
            done = co_await end_header(bytes.substr(taken));
        else if (done && last)
            out_ += splitter_.held_body();
    }
    if (!done || !last || !in_body_)
        co_return done;
    std::vector<mail::MimeItem> items;
    walk_.finish(items);
    co_return co_await take_items(std::move(items));
}

Task<Result<void>> CheckedContent::end_header(std::string_view body)
{
    in_body_ = true;
    if (!splitter_.separator_missing())
        out_ += "\r\n";
    const auto done = co_await take_body(splitter_.held_body());
    if (!done)
        co_return done;
    co_return co_await take_body(body);
}

Task<Result<void>> CheckedContent::take_fields()
{
    const std::vector<std::string> fields = std::exchange(fields_.raw, {});
    for (const std::string& raw : fields) {
        const mail::HeaderField field = mail::as_field(raw);
        walk_.own_field(field);
        Subject subject{field.is_mime() ? tables_.mime : tables_.header, raw, {}, true};
        const auto done = co_await check(std::move(subject));
        if (!done)
            co_return done;
    }
    co_return Result<void>{};
}

Task<Result<void>> CheckedContent::take_body(std::string_view bytes)
{
    if (!tables_.wants_body()) {
        out_ += bytes;
        co_return Result<void>{};
    }
    std::vector<mail::MimeItem> items;
    walk_.feed(bytes, items);
    if (walk_.too_deep())
        co_return base::temporary("message parts lie deeper than mime_nesting_limit");
    co_return co_await take_items(std::move(items));
}

Task<Result<void>> CheckedContent::take_items(std::vector<mail::MimeItem> items)
{
    using Kind = mail::MimeItem::Kind;
    static const table::Maps none;
    for (mail::MimeItem& item : items) {
        const bool line = item.kind == Kind::Line;
        const bool within = tables_.body_size == 0 || item.offset < tables_.body_size;
        const bool mime = item.kind == Kind::PartField || mail::as_field(item.text).is_mime();
        const table::Maps& maps = item.kind == Kind::Text || (line && !within) ? none
                                  : line                                       ? tables_.body
                                  : mime                                       ? tables_.mime
                                                                               : tables_.nested;
        Subject subject{maps, std::move(item.text), item.line_end, !line};
        const auto done = co_await check(std::move(subject));
        if (!done)
            co_return done;
    }
    co_return Result<void>{};
}

Task<Result<void>> CheckedContent::check(Subject subject)
{
    if (subject.maps.empty() || subject.text.empty()) {
        base::append(out_, subject.text, subject.line_end);
        co_return Result<void>{};
    }
    std::string key = subject.is_header ? mail::as_field(subject.text).lines() : subject.text;
    const auto found = co_await subject.maps.find(std::move(key));
    if (!found)
        co_return base::temporary(
            base::cat(subject.maps.title(), " map lookup problem: ", found.error().text));
    act(subject, *found ? std::string_view(**found) : std::string_view("DUNNO"));
    co_return Result<void>{};
}

void CheckedContent::act(const Subject& subject, std::string_view answer)
{
    const auto [word, text] = mail::read_check_answer(answer);
    const auto* known =
        std::find_if(std::begin(actions), std::end(actions),
                     [word = word](const Action& a) { return base::iequals(a.word, word); });
    const std::string_view line_end = subject.is_header ? "\r\n" : subject.line_end;
    const Act act = known == std::end(actions) ? Act::Nothing : known->act;
    if (known == std::end(actions))
        base::Log{}.warning("unsupported command in ", subject.maps.title(), " map: ", answer);
    switch (act) {
    case Act::Nothing: break;
    case Act::Warn: log(subject, "warning", text); break;
    case Act::Info: log(subject, "info", text); break;
    case Act::Prepend:
        if (may_stand_for(subject, "PREPEND", text)) {
            log(subject, "prepend", text);
            base::append(out_, text, "\r\n");
        }
        break;
    case Act::Replace:
        if (may_stand_for(subject, "REPLACE", text)) {
            log(subject, "replace", text);
            base::append(out_, text, line_end);
            return;
        }
        break;
    case Act::Strip: log(subject, "strip", text); return;
    case Act::Ignore: return;
    }
    base::append(out_, subject.text, subject.line_end);
}

void CheckedContent::log(const Subject& subject, std::string_view action,
                         std::string_view text) const
{
    const std::string whole =
        subject.is_header ? mail::as_field(subject.text).lines() : subject.text;
    base::Log{}.info(queue_id_, ": ", action, subject.is_header ? ": header " : ": body ",
                     std::string_view(whole).substr(0, logged_text_limit), text.empty() ? "" : ": ",
                     text);
}

// Whether a text may be a field where a field stands; told when not.
bool CheckedContent::may_stand_for(const Subject& subject, std::string_view action,
                                   std::string_view text) const
{
    const std::string why =
        mail::why_not_for_place({action, text}, subject.is_header, subject.maps.title());
    if (!why.empty())
        base::Log{}.warning(why);
    return why.empty();
}

} // namespace delivery
