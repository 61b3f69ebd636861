// SPDX-License-Identifier: Apache-2.0
// Makes 7-bit mail of 8-bit mail for a server without 8BITMIME (RFC 6152 section 3): a streaming
// filter over a message in wire form that converts each part with Content-Transfer-Encoding 8bit
// or binary to quoted-printable, and labels the multipart and message/rfc822 parts around as 7bit
// (RFC 2045 section 6.4). All else passes unchanged: parts that say 7bit or nothing, headers,
// preambles, and structure. As in Postfix, 8-bit text that nobody has declared stays as it is.
//
// Memory is bounded by the limits below, whatever comes in; there is no recursion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/quoted_printable.h"

namespace mail {

struct MimeDowngradeLimits {
    std::size_t nesting = 100;          // mime_nesting_limit: multipart and message/rfc822 levels.
    std::size_t boundary_length = 2048; // mime_boundary_length_limit: octets that are compared.
};

// Octets of a line that are looked at together; a longer line passes in pieces.
inline constexpr std::size_t mime_piece_limit = 4096;
// Octets of a Content-Type or Content-Transfer-Encoding header that are kept.
inline constexpr std::size_t mime_header_limit = 8192;

class MimeDowngrade {
public:
    explicit MimeDowngrade(const MimeDowngradeLimits& limits) : limits_(limits) {}

    // Appends to `out` what becomes of the next bytes of the message.
    void feed(std::string_view bytes, std::string& out);

    // Appends what is held back; the message has ended.
    void finish(std::string& out);

    // Why the message cannot be converted, or empty. After an error nothing more comes out.
    std::string_view error() const { return error_; }

private:
    enum class Kind : std::uint8_t { Leaf, Multipart, Digest, Message, OtherMessage };
    enum class Encoding : std::uint8_t { Unspecified, SevenBit, EightBit, Encoded };
    enum class Where : std::uint8_t { Header, Body };
    enum class Field : std::uint8_t { Other, ContentType, ContentEncoding };

    // One physical line, or a part of one.
    struct Piece {
        std::string_view text; // Without CRLF.
        bool begins = false;
        bool ends = false; // CRLF follows.
    };
    struct Level {
        std::string boundary;
        std::size_t depth; // Of the multipart's parts.
        bool digest;       // Parts are message/rfc822 unless they say otherwise.
        bool cut;          // The boundary was longer than the limit.
    };

    void take_line(bool ends, std::string& out);
    void header_piece(const Piece& piece, std::string& out);
    bool begin_header_line(const Piece& piece, std::string& out);
    void begin_field(std::string_view line);
    void end_field(std::string& out);
    void end_content_type();
    void end_content_encoding(std::string& out);
    void end_header(std::string& out);
    void write_encoding(std::string& out) const;
    void enter_body();
    void body_piece(const Piece& piece, std::string& out);
    bool at_boundary(const Piece& piece, std::string& out);
    void begin_part(bool digest);
    bool matches(const Level& level, std::string_view line, bool& closing) const;

    const MimeDowngradeLimits limits_;
    std::string_view error_;

    std::string line_;        // The current piece; a CR at its end waits for its LF.
    bool line_begun_ = false; // A part of this line has been handled already.

    Where where_ = Where::Header;
    std::size_t depth_ = 0;
    std::vector<Level> levels_;

    // The entity whose header or body we are in.
    Kind kind_ = Kind::Leaf;
    Encoding encoding_ = Encoding::Unspecified;
    std::string boundary_;
    bool type_seen_ = false;
    bool quoting_ = false; // The body is being encoded.

    Field field_ = Field::Other;
    std::string captured_; // The current field, unfolded, if it is one we read.
    std::string held_;     // The same with its line ends, if it is not yet written.
    QuotedPrintableEncoder encoder_;
};

} // namespace mail
