// SPDX-License-Identifier: Apache-2.0
// Makes 7-bit mail of 8-bit mail: see the header.
//
// Lines are taken in pieces: all of a line up to mime_piece_limit, then the rest as it comes. What
// must be known of a line (field name, boundary) stands in its first piece. Of the header fields
// only two are read; a Content-Transfer-Encoding of 8bit or binary is left out, and its successor
// is written at the end of the header, when the content type is known.
#include "lib/mail/mime_downgrade.h"

#include <algorithm>
#include <utility>

#include "lib/base/strings.h"
#include "lib/mail/content_type.h"

namespace mail {
namespace {

// The name in front of the colon, or empty when this is no header line (RFC 5322 section 2.2).
std::string_view field_name(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == line.npos)
        return {};
    const std::string_view name = base::trim_right(line.substr(0, colon));
    const bool valid =
        std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; });
    return valid ? name : std::string_view{};
}

} // namespace

void MimeDowngrade::feed(std::string_view bytes, std::string& out)
{
    while (!bytes.empty() && error_.empty()) {
        const std::size_t room = mime_piece_limit - std::min(line_.size(), mime_piece_limit - 1);
        const std::string_view window = bytes.substr(0, room);
        const std::size_t lf = window.find('\n');
        const std::size_t part = lf == window.npos ? window.size() : lf + 1;
        line_.append(window.substr(0, part));
        bytes.remove_prefix(part);
        if (line_.ends_with("\r\n"))
            take_line(true, out);
        else if (line_.size() >= mime_piece_limit && line_.back() != '\r')
            take_line(false, out);
    }
}

void MimeDowngrade::finish(std::string& out)
{
    if (!error_.empty())
        return;
    const bool line_open = line_begun_ || !line_.empty();
    if (!line_.empty())
        take_line(false, out);
    if (where_ == Where::Header) {
        end_field(out);
        if (line_open && encoding_ == Encoding::EightBit)
            out += "\r\n";
        write_encoding(out);
    } else if (quoting_) {
        encoder_.finish(out);
    }
}

void MimeDowngrade::take_line(bool ends, std::string& out)
{
    std::string_view text = line_;
    text.remove_suffix(ends ? 2 : 0);
    const Piece piece{text, !std::exchange(line_begun_, !ends), ends};
    if (where_ == Where::Header)
        header_piece(piece, out);
    else
        body_piece(piece, out);
    line_.clear();
}

// ---- Headers

void MimeDowngrade::header_piece(const Piece& piece, std::string& out)
{
    if (piece.begins && begin_header_line(piece, out))
        return;
    if (field_ != Field::Other && captured_.size() + piece.text.size() <= mime_header_limit)
        captured_.append(piece.text);
    std::string& to = field_ == Field::ContentEncoding ? held_ : out;
    base::append(to, piece.text, piece.ends ? "\r\n" : "");
    if (held_.size() > mime_header_limit) {
        // No encoding is that long.
        field_ = Field::Other;
        encoding_ = Encoding::Encoded;
        out += std::exchange(held_, {});
    }
}

// Looks at the beginning of a line in a header. True when the line has been dealt with, because it
// is the end of that header.
bool MimeDowngrade::begin_header_line(const Piece& piece, std::string& out)
{
    const bool blank = piece.text.empty() && piece.ends;
    const bool folded = !piece.text.empty() && (piece.text[0] == ' ' || piece.text[0] == '\t');
    if (folded)
        return false;
    end_field(out);
    if (at_boundary(piece, out))
        return true;
    if (!blank && !field_name(piece.text).empty()) {
        begin_field(piece.text);
        return false;
    }
    end_header(out);
    // A line that is no header line ends the header; it must not become one.
    if (blank || quoting_)
        out += "\r\n";
    if (blank)
        return true;
    if (where_ == Where::Body)
        body_piece(piece, out);
    else
        header_piece(piece, out); // Of the message within; not more than twice.
    return true;
}

void MimeDowngrade::begin_field(std::string_view line)
{
    const std::string_view name = field_name(line);
    if (base::iequals(name, "Content-Type"))
        field_ = Field::ContentType;
    else if (base::iequals(name, "Content-Transfer-Encoding"))
        field_ = Field::ContentEncoding;
}

void MimeDowngrade::end_field(std::string& out)
{
    const Field field = std::exchange(field_, Field::Other);
    if (field == Field::ContentType)
        end_content_type();
    else if (field == Field::ContentEncoding)
        end_content_encoding(out);
    captured_.clear();
    held_.clear();
}

// RFC 2045 5.1. The first Content-Type counts.
void MimeDowngrade::end_content_type()
{
    if (std::exchange(type_seen_, true))
        return;
    std::string_view rest = captured_;
    base::cut(rest, ':');
    ContentType content = parse_content_type(rest);
    kind_ = Kind::Leaf;
    if (content.type == "multipart") {
        kind_ = content.subtype == "digest" ? Kind::Digest : Kind::Multipart;
        boundary_ = std::move(content.boundary);
    } else if (content.type == "message") {
        kind_ = content.subtype == "rfc822" ? Kind::Message : Kind::OtherMessage;
    }
}

// RFC 2045 6.1. The first one counts; if that is replaced, the others go with it.
void MimeDowngrade::end_content_encoding(std::string& out)
{
    std::string_view rest = captured_;
    base::cut(rest, ':');
    const std::string_view name = take_mime_token(rest);
    if (encoding_ == Encoding::Unspecified) {
        if (base::iequals(name, "8bit") || base::iequals(name, "binary"))
            encoding_ = Encoding::EightBit;
        else
            encoding_ = base::iequals(name, "7bit") ? Encoding::SevenBit : Encoding::Encoded;
    }
    if (encoding_ != Encoding::EightBit)
        out += held_;
}

void MimeDowngrade::end_header(std::string& out)
{
    write_encoding(out);
    enter_body();
}

// The successor of an encoding that was left out.
void MimeDowngrade::write_encoding(std::string& out) const
{
    if (encoding_ != Encoding::EightBit)
        return;
    std::string_view name = "quoted-printable";
    if (kind_ == Kind::OtherMessage)
        name = "8bit"; // RFC 2046 5.2 allows no other; what cannot be converted is left.
    else if (kind_ != Kind::Leaf)
        name = "7bit";
    base::append(out, "Content-Transfer-Encoding: ", name, "\r\n");
}

void MimeDowngrade::enter_body()
{
    where_ = Where::Body;
    quoting_ = false;
    encoder_ = {};
    // RFC 2045 6.4: what is encoded has no inner structure to look at.
    if (encoding_ == Encoding::Encoded)
        return;
    if (kind_ == Kind::Leaf) {
        quoting_ = encoding_ == Encoding::EightBit;
        return;
    }
    const bool cut = boundary_.size() > limits_.boundary_length;
    boundary_.resize(std::min(boundary_.size(), limits_.boundary_length));
    // RFC 2046 5.1.1: a boundary does not end in blanks.
    boundary_.resize(base::trim_right(boundary_).size());
    if (kind_ == Kind::OtherMessage || (kind_ != Kind::Message && boundary_.empty()))
        return;
    if (depth_ + 1 > limits_.nesting) {
        error_ = "MIME nesting exceeds safety limit";
        return;
    }
    ++depth_;
    if (kind_ == Kind::Message)
        return begin_part(false);
    levels_.push_back({std::move(boundary_), depth_, kind_ == Kind::Digest, cut});
    boundary_.clear();
}

// ---- Bodies

void MimeDowngrade::body_piece(const Piece& piece, std::string& out)
{
    if (piece.begins && at_boundary(piece, out))
        return;
    if (!quoting_) {
        base::append(out, piece.text, piece.ends ? "\r\n" : "");
        return;
    }
    encoder_.feed(piece.text, out);
    if (piece.ends)
        encoder_.end_line(out);
}

// Handles a boundary line of any open multipart, innermost first. All levels within end there.
bool MimeDowngrade::at_boundary(const Piece& piece, std::string& out)
{
    if (levels_.empty() || !piece.text.starts_with("--"))
        return false;
    bool closing = false;
    const auto found = std::find_if(levels_.rbegin(), levels_.rend(), [&](const Level& level) {
        return matches(level, piece.text.substr(2), closing);
    });
    if (found == levels_.rend())
        return false;
    if (where_ == Where::Header)
        write_encoding(out);
    levels_.resize(static_cast<std::size_t>(levels_.rend() - found));
    depth_ = levels_.back().depth;
    begin_part(levels_.back().digest);
    if (closing) {
        // The epilogue belongs to nobody, and passes as it is.
        levels_.pop_back();
        --depth_;
        where_ = Where::Body;
        quoting_ = false;
    }
    base::append(out, piece.text, piece.ends ? "\r\n" : "");
    return true;
}

void MimeDowngrade::begin_part(bool digest)
{
    where_ = Where::Header;
    kind_ = digest ? Kind::Message : Kind::Leaf;
    encoding_ = Encoding::Unspecified;
    boundary_.clear();
    type_seen_ = false;
    quoting_ = false;
}

// RFC 2046 5.1.1: boundary, optional "--", optional blanks.
bool MimeDowngrade::matches(const Level& level, std::string_view line, bool& closing) const
{
    if (!line.starts_with(level.boundary))
        return false;
    std::string_view rest = base::trim_right(line.substr(level.boundary.size()));
    closing = level.cut ? rest.ends_with("--") : rest == "--";
    return level.cut || rest.empty() || closing;
}

} // namespace mail
