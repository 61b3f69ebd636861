// SPDX-License-Identifier: Apache-2.0
// Follows the structure of a message's body (RFC 2046 section 5): tells the header fields of its
// parts and of messages within it from lines of text, so that each can be looked at by the rules
// for its kind. Nothing is decoded or changed: what comes out, put together, is what went in, but
// for header fields over the size limit, which are cut as in the message's own header.
//
// Memory is bounded by the limits and the bytes of one call, and so is the depth of calls.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/header.h"

namespace mail {

struct MimeItem {
    enum class Kind : unsigned char {
        Text,        // Passes as it is.
        Line,        // A line of a body, or a piece of a long one.
        PartField,   // A header field of a part.
        NestedField, // A header field of a message/rfc822 within.
    };
    Kind kind = Kind::Text;
    std::string text;               // Fields with, lines without their line end.
    std::string_view line_end = {}; // Of a line: "\r\n", "\n", or "" when more of it follows.
    std::uint64_t offset = 0;       // Of a line: bytes of this body before it.

    bool operator==(const MimeItem&) const = default;
};

class MimeWalk final : private HeaderSink {
public:
    struct Limits {
        std::size_t nesting = 100;          // mime_nesting_limit
        std::size_t boundary_length = 2048; // mime_boundary_length_limit
        std::size_t header_size = HeaderSplitter::default_size_limit;
        std::size_t line_length = 2048; // Pieces that long lines are looked at in.
    };
    // `lines`: body lines are wanted one by one; else they come as Text, as many as there are.
    MimeWalk(const Limits& limits, bool lines) : limits_(limits), lines_(lines) {}
    MimeWalk(const MimeWalk&) = delete;

    // A field of the message's own header, of which only the type counts; before any feed().
    void own_field(const HeaderField& field);

    // The next bytes of the message's body.
    void feed(std::string_view bytes, std::vector<MimeItem>& out);
    // The message has ended: what was held back.
    void finish(std::vector<MimeItem>& out);

    // Parts lie deeper than the limit; nothing more comes out.
    bool too_deep() const { return too_deep_; }

private:
    struct Level { // An open multipart.
        std::string boundary;
        std::size_t depth = 0; // Of its parts.
        bool digest = false;   // Parts are messages unless they say otherwise.
        bool cut = false;      // The boundary was longer than the limit.
    };

    void field(const HeaderField& field) override;
    std::string_view header(std::string_view bytes);
    std::string_view body(std::string_view bytes);
    void take_line(std::size_t length);
    void put(std::string_view text);
    void begin_header(bool nested);
    void enter_body();
    void at_boundary(std::string_view line);
    void text(std::string_view bytes);

    const Limits limits_;
    const bool lines_;
    std::vector<MimeItem>* out_ = nullptr; // During a call.

    bool own_header_ = true;                 // No body bytes yet.
    std::unique_ptr<HeaderSplitter> header_; // Of the entity whose header is being read.
    bool nested_ = false;                    // That entity is a message.
    bool type_seen_ = false;
    bool message_ = false; // The entity is a message/rfc822.
    bool multipart_ = false;
    bool digest_ = false;
    std::string boundary_;

    std::vector<Level> levels_;
    std::size_t depth_ = 0; // Multiparts and messages around where we are.
    bool too_deep_ = false;

    std::string line_; // The piece under way.
    bool line_begun_ = false;
    bool part_begins_ = false; // Behind this line.
    std::uint64_t offset_ = 0;
};

} // namespace mail
