// SPDX-License-Identifier: Apache-2.0
// The structure of a body; see mime_walk.h.
#include "lib/mail/mime_walk.h"

#include <algorithm>
#include <utility>

#include "lib/base/strings.h"
#include "lib/mail/content_type.h"

namespace mail {

static constexpr std::size_t line_end_bytes = 2; // CRLF

void MimeWalk::own_field(const HeaderField& field)
{
    if (std::exchange(type_seen_, type_seen_ || field.is("Content-Type")) ||
        !field.is("Content-Type"))
        return;
    ContentType content = parse_content_type(field.unfolded());
    multipart_ = content.type == "multipart";
    digest_ = content.subtype == "digest";
    message_ =
        content.type == "message" && (content.subtype == "rfc822" || content.subtype == "global");
    boundary_ = std::move(content.boundary);
}

void MimeWalk::field(const HeaderField& field)
{
    own_field(field);
    MimeItem item;
    item.kind = nested_ ? MimeItem::Kind::NestedField : MimeItem::Kind::PartField;
    item.text = field.raw;
    out_->push_back(std::move(item));
}

void MimeWalk::text(std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (out_->empty() || out_->back().kind != MimeItem::Kind::Text)
        out_->emplace_back();
    out_->back().text.append(bytes);
}

void MimeWalk::begin_header(bool nested)
{
    header_ = std::make_unique<HeaderSplitter>(limits_.header_size);
    nested_ = nested;
    type_seen_ = multipart_ = digest_ = false;
    // RFC 2046 5.1.5: the default in a digest.
    message_ = !nested && !levels_.empty() && levels_.back().digest;
    boundary_.clear();
}

// The header of the entity is over.
void MimeWalk::enter_body()
{
    header_.reset();
    offset_ = 0;
    const bool cut = boundary_.size() > limits_.boundary_length;
    boundary_.resize(std::min(boundary_.size(), limits_.boundary_length));
    boundary_.resize(base::trim_right(boundary_).size()); // RFC 2046 5.1.1
    const bool multipart = multipart_ && !boundary_.empty();
    if (!multipart && !message_)
        return;
    too_deep_ = ++depth_ > limits_.nesting;
    if (too_deep_)
        return;
    if (!multipart)
        return begin_header(true);
    levels_.push_back({std::move(boundary_), depth_, digest_, cut});
    boundary_.clear();
}

// RFC 2046 5.1.1: "--", the boundary, optional "--", optional blanks.
static bool matches(std::string_view line, std::string_view boundary, bool cut, bool& closing)
{
    if (!line.starts_with(boundary))
        return false;
    std::string_view rest = base::trim_right(line.substr(boundary.size()));
    closing = cut ? rest.ends_with("--") : rest == "--";
    return cut || rest.empty() || closing;
}

// `line` may end a part of an open multipart; all within that ends with it.
void MimeWalk::at_boundary(std::string_view line)
{
    if (levels_.empty() || !line.starts_with("--"))
        return;
    bool closing = false;
    const auto found = std::find_if(levels_.rbegin(), levels_.rend(), [&](const Level& level) {
        return matches(line.substr(2), level.boundary, level.cut, closing);
    });
    if (found == levels_.rend())
        return;
    levels_.resize(static_cast<std::size_t>(levels_.rend() - found));
    depth_ = levels_.back().depth;
    part_begins_ = !closing;
    if (!closing)
        return;
    levels_.pop_back();
    --depth_;
}

void MimeWalk::put(std::string_view piece)
{
    std::string_view bare = piece;
    std::string_view line_end = "";
    if (bare.ends_with('\n')) {
        line_end = bare.ends_with("\r\n") ? "\r\n" : "\n";
        bare.remove_suffix(line_end.size());
    }
    if (lines_)
        out_->push_back({MimeItem::Kind::Line, std::string(bare), line_end, offset_});
    else
        text(piece);
    offset_ += piece.size();
}

// The first bytes of line_: a line, or a piece of a long one.
void MimeWalk::take_line(std::size_t length)
{
    const std::string_view piece = std::string_view(line_).substr(0, length);
    const bool begins = !std::exchange(line_begun_, !piece.ends_with('\n'));
    put(piece);
    if (begins)
        at_boundary(base::trim_right(piece));
    line_.erase(0, length);
    if (!line_begun_ && std::exchange(part_begins_, false))
        begin_header(false);
}

// Both return what belongs to the other.
std::string_view MimeWalk::body(std::string_view bytes)
{
    while (!bytes.empty() && header_ == nullptr) {
        const std::size_t lf = bytes.find('\n');
        const std::size_t room = limits_.line_length + line_end_bytes - line_.size();
        const std::size_t part = std::min({bytes.size(), lf + (lf != bytes.npos), room});
        line_.append(bytes.substr(0, part));
        bytes.remove_prefix(part);
        if (line_.back() == '\n')
            take_line(line_.size());
        else if (part == room)
            take_line(limits_.line_length);
    }
    return bytes;
}

std::string_view MimeWalk::header(std::string_view bytes)
{
    const std::size_t taken = header_->feed(bytes, *this);
    if (!header_->in_body())
        return {};
    const std::string held(header_->held_body());
    const bool separated = !header_->separator_missing();
    enter_body();
    if (separated)
        text("\r\n");
    // At most one line, which is none of a header: it is in the body, or ends a header again.
    std::string_view rest = held;
    while (!rest.empty() && !too_deep_)
        rest = header_ == nullptr ? body(rest) : header(rest);
    return bytes.substr(taken);
}

void MimeWalk::feed(std::string_view bytes, std::vector<MimeItem>& out)
{
    out_ = &out;
    if (std::exchange(own_header_, false))
        enter_body();
    while (!bytes.empty() && !too_deep_)
        bytes = header_ == nullptr ? body(bytes) : header(bytes);
}

void MimeWalk::finish(std::vector<MimeItem>& out)
{
    out_ = &out;
    if (header_ != nullptr && !too_deep_) {
        header_->finish(*this);
        text(header_->held_body());
    }
    if (!line_.empty())
        take_line(line_.size());
}

} // namespace mail
