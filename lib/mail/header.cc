// SPDX-License-Identifier: Apache-2.0
// The splitter of header and body; see header.h.
#include "lib/mail/header.h"

#include <algorithm>
#include <iterator>

#include "lib/base/strings.h"

namespace mail {

namespace {

std::size_t line_end_length(std::string_view line)
{
    if (!line.ends_with('\n'))
        return 0;
    return line.ends_with("\r\n") ? 2 : 1;
}

std::string_view without_line_end(std::string_view line)
{
    return line.substr(0, line.size() - line_end_length(line));
}

bool is_fold_blank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

std::size_t header_name_length(std::string_view line)
{
    std::size_t length = 0;
    while (length < line.size() && line[length] > ' ' && line[length] < 0x7f && line[length] != ':')
        ++length;
    std::size_t at = length;
    while (at < line.size() && is_fold_blank(line[at]))
        ++at;
    return at < line.size() && line[at] == ':' ? length : 0;
}

bool HeaderField::is(std::string_view other) const
{
    return base::iequals(name, other);
}

std::string HeaderField::lines() const
{
    std::string out;
    for (std::string_view rest = raw; !rest.empty();) {
        std::string_view line = base::cut(rest, '\n');
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        base::append(out, line, rest.empty() ? "" : "\n");
    }
    return out;
}

bool HeaderField::is_mime() const
{
    static constexpr std::string_view names[] = {"Content-Description", "Content-Disposition",
                                                 "Content-Id",          "Content-Transfer-Encoding",
                                                 "Content-Type",        "Mime-Version"};
    return std::any_of(std::begin(names), std::end(names),
                       [this](std::string_view known) { return is(known); });
}

std::string_view HeaderField::value() const
{
    const auto colon = raw.find(':');
    std::string_view rest = raw.substr(colon == std::string_view::npos ? raw.size() : colon + 1);
    while (!rest.empty() && is_fold_blank(rest.front()))
        rest.remove_prefix(1);
    return without_line_end(rest);
}

std::string HeaderField::unfolded() const
{
    std::string out;
    std::string_view rest = value();
    out.reserve(rest.size());
    while (!rest.empty()) {
        const auto newline = rest.find('\n');
        const auto length = newline == std::string_view::npos ? rest.size() : newline + 1;
        out += without_line_end(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    return out;
}

std::size_t HeaderSplitter::feed(std::string_view bytes, HeaderSink& sink)
{
    std::string_view rest = bytes;
    while (state_ != State::Body && !rest.empty()) {
        const auto newline = rest.find('\n');
        const bool ends = newline != std::string_view::npos;
        const std::string_view piece = rest.substr(0, ends ? newline + 1 : rest.size());
        std::size_t taken = piece.size();
        if (drop_line_)
            drop_line_ = !ends;
        else if (!ends || !partial_.empty() || piece.size() > limit_)
            taken = long_piece(piece, ends, sink);
        else if (!line(piece, true, sink))
            taken = 0;
        header_size_ += taken;
        rest.remove_prefix(taken);
    }
    return bytes.size() - rest.size();
}

// Adds a piece to the line that is collected. It is decided upon when it is whole, or when it has
// become longer than a field may be. Returns how much of the piece was taken.
std::size_t HeaderSplitter::long_piece(std::string_view piece, bool ends, HeaderSink& sink)
{
    const std::size_t before = partial_.size();
    const std::string_view part = piece.substr(0, limit_ + 1 - before);
    const bool complete = ends && part.size() == piece.size();
    partial_ += part;
    if (!complete && partial_.size() <= limit_)
        return part.size();
    if (!line(partial_, complete, sink)) {
        held_body_.assign(partial_, 0, before);
        header_size_ -= before;
        partial_ = {};
        return 0;
    }
    partial_.clear();
    drop_line_ = !complete;
    return part.size();
}

// Decides what a line is. False when the body begins with it.
bool HeaderSplitter::line(std::string_view text, bool complete, HeaderSink& sink)
{
    if (state_ == State::InField && is_fold_blank(text.front())) {
        continuation(text, complete);
        return true;
    }
    flush(sink);
    if (text == "\r\n" || text == "\n") {
        state_ = State::Body;
        return true;
    }
    // A name whose colon lies beyond the limit is none: the rest of the line may not have come yet.
    if (header_name_length(text.substr(0, limit_)) == 0) {
        state_ = State::Body;
        separator_missing_ = true;
        return false;
    }
    state_ = State::InField;
    field_.assign(text.substr(0, limit_));
    if (!complete || text.size() > limit_) {
        truncated_ = true;
        field_ += "\r\n";
    }
    return true;
}

void HeaderSplitter::continuation(std::string_view text, bool complete)
{
    truncated_ = truncated_ || !complete || field_.size() + text.size() > limit_;
    if (!truncated_)
        field_ += text;
}

void HeaderSplitter::flush(HeaderSink& sink)
{
    if (state_ != State::InField)
        return;
    ++field_count_;
    const std::string_view raw = field_;
    sink.field({raw.substr(0, header_name_length(raw)), raw, truncated_});
    field_.clear();
    truncated_ = false;
}

void HeaderSplitter::finish(HeaderSink& sink)
{
    if (state_ == State::Body)
        return;
    if (!partial_.empty() && !line(partial_, true, sink)) {
        header_size_ -= partial_.size();
        held_body_ = std::move(partial_);
        return;
    }
    flush(sink);
    state_ = State::Body;
}

} // namespace mail
