// SPDX-License-Identifier: Apache-2.0
// Messages in local form; see local_text.h.
#include "lib/delivery/local_text.h"

#include <ctime>
#include <utility>

#include "lib/base/strings.h"
#include "lib/mail/address.h"

namespace delivery {

namespace {

constexpr std::string_view from_mark = "From ";

} // namespace

void LocalText::add(std::string_view wire, std::string& out)
{
    if (held_.empty()) {
        convert(wire, false, out);
        return;
    }
    std::string joined = std::move(held_);
    held_.clear();
    joined += wire;
    convert(joined, false, out);
}

// False: more is needed to tell what line this is.
bool LocalText::begin_line(std::string_view rest, bool last, std::string& out)
{
    if (rules_.quote_from && rest.size() < from_mark.size() && !last && from_mark.starts_with(rest))
        return false;
    if ((rules_.quote_from && rest.starts_with(from_mark)))
        out += '>';
    if (rules_.stuff_dots && rest.front() == '.')
        out += '.';
    in_line_ = true;
    return true;
}

void LocalText::convert(std::string_view text, bool last, std::string& out)
{
    while (!text.empty()) {
        if (!in_line_ && !begin_line(text, last, out)) {
            held_ = text;
            return;
        }
        const auto end = text.find('\n');
        if (end == std::string_view::npos) {
            if (text.back() == '\r' && !last) {
                held_ = "\r";
                text.remove_suffix(1);
            }
            out += text;
            return;
        }
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        out += line;
        out += rules_.line_end;
        in_line_ = false;
        text.remove_prefix(end + 1);
    }
}

void LocalText::finish(std::string& out)
{
    const std::string rest = std::move(held_);
    held_.clear();
    convert(rest, true, out);
    if (in_line_)
        out += rules_.line_end;
    in_line_ = false;
    if (rules_.blank_end)
        out += rules_.line_end;
}

static std::string from_line_date(base::WallTime now)
{
    const auto seconds = static_cast<std::time_t>(base::unix_seconds(now));
    std::tm parts{};
    char text[64];
    ::localtime_r(&seconds, &parts);
    // The names of days and months are English whatever the locale: daemons set none.
    return {text, std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts)};
}

std::string HeadLines::text() const
{
    // Addresses hold no control characters; a line of the head must not, whatever comes.
    const auto shown = [](std::string_view address) {
        return base::printable(mail::quote_address(address), true);
    };
    std::string out;
    if (from_line)
        base::append(out, "From ", sender.empty() ? "MAILER-DAEMON" : shown(sender), "  ",
                     from_line_date(now), line_end);
    if (return_path)
        base::append(out, "Return-Path: <", shown(sender), ">", line_end);
    if (!original_to.empty())
        base::append(out, "X-Original-To: ", shown(original_to), line_end);
    if (!delivered_to.empty())
        base::append(out, "Delivered-To: ", shown(delivered_to), line_end);
    return out;
}

HeadLines head_lines(const mail::Envelope& envelope, const mail::Recipient& recipient,
                     base::WallTime now)
{
    HeadLines head;
    head.return_path = true;
    head.sender = envelope.sender;
    head.original_to = recipient.original;
    head.delivered_to = recipient.address;
    head.now = now;
    return head;
}

MessageReader::MessageReader(MessageText what)
    : file_(what.fd, what.offset, what.size), text_(std::move(what.rules)),
      out_(std::move(what.head))
{
}

base::Result<std::string_view> MessageReader::next()
{
    if (!std::exchange(started_, true) && !out_.empty())
        return std::string_view(out_);
    out_.clear();
    while (out_.empty() && !finished_) {
        const auto piece = file_.next();
        if (!piece)
            return piece.error();
        finished_ = piece->empty();
        if (finished_)
            text_.finish(out_);
        else
            text_.add(*piece, out_);
    }
    return std::string_view(out_);
}

} // namespace delivery
