// SPDX-License-Identifier: Apache-2.0
// Header fields of a message in wire form (RFC 5322 sections 2.2 and 3.6; lines end in CRLF, a bare
// LF is taken as a line end too): where each field is, and where the body begins. What is no header
// line ends the header, as in Postfix, and belongs to the body. Time is linear in the input and
// memory bounded by the size limit, whatever comes and however it is cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mail {

// The length of the field name at the start of `line`; 0 when this is no header line. A name is
// printable ASCII but blank and colon; blanks may stand before the colon (RFC 5322 section 4.5).
std::size_t header_name_length(std::string_view line);

// One header field as it stands in the message. The views are borrowed for the call.
struct HeaderField {
    std::string_view name;  // As written.
    std::string_view raw;   // Name, colon, value and folds, with every line end.
    bool truncated = false; // It was larger than the limit, and was cut.

    bool is(std::string_view other) const; // Without regard to case.

    // What follows the colon and leading blanks, with folds as they are but without the last line
    // end; points into `raw`.
    std::string_view value() const;

    // The value on one line: each fold's line end is removed, its blanks stay (RFC 5322 2.2.3).
    std::string unfolded() const;

    // Folded as it is, with LF between the lines and none at the end: what tables of patterns see.
    std::string lines() const;

    // One of those that say how to read a body (RFC 2045 section 3), which checks treat apart.
    bool is_mime() const;
};

// The field that `raw` is, which may have no name.
inline HeaderField as_field(std::string_view raw)
{
    return {.name = raw.substr(0, header_name_length(raw)), .raw = raw};
}

class HeaderSink {
public:
    virtual ~HeaderSink() = default;
    virtual void field(const HeaderField& field) = 0;
};

class HeaderSplitter {
public:
    // header_size_limit: bytes kept of one field. Continuation lines beyond are dropped.
    static constexpr std::size_t default_size_limit = 102400;

    explicit HeaderSplitter(std::size_t size_limit = default_size_limit) : limit_(size_limit) {}

    // Takes the next bytes of the message and reports the fields that are complete. Returns how
    // many bytes were taken: all of them, or fewer when the body begins among them; what is left
    // then belongs to the body, after held_body().
    std::size_t feed(std::string_view bytes, HeaderSink& sink);

    // The message ended: reports the last field.
    void finish(HeaderSink& sink);

    bool in_body() const { return state_ == State::Body; }

    // Once in_body(): bytes taken by earlier calls that turned out to be the start of the body.
    std::string_view held_body() const { return held_body_; }

    // Once in_body(): the body began without an empty line before it; cleanup inserts one.
    bool separator_missing() const { return separator_missing_; }

    // Bytes of the message before the body, the empty line included.
    std::size_t header_size() const { return header_size_; }
    std::size_t field_count() const { return field_count_; }

private:
    enum class State : unsigned char { Start, InField, Body };

    std::size_t long_piece(std::string_view piece, bool ends, HeaderSink& sink);
    bool line(std::string_view text, bool complete, HeaderSink& sink);
    void continuation(std::string_view text, bool complete);
    void flush(HeaderSink& sink);

    std::size_t limit_;
    State state_ = State::Start;
    bool drop_line_ = false; // The rest of an overlong line is on its way.
    bool truncated_ = false;
    bool separator_missing_ = false;
    std::string field_;   // The field under way.
    std::string partial_; // A line whose end has not come yet; at most one byte over the limit.
    std::string held_body_;
    std::size_t header_size_ = 0;
    std::size_t field_count_ = 0;
};

} // namespace mail
