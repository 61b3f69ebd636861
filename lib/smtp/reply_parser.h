// SPDX-License-Identifier: Apache-2.0
// Replies of a remote server: the value ServerReply, and the streaming parser that makes one from
// whatever pieces the network delivers (RFC 5321 section 4.2, RFC 2034). The server may be hostile:
// everything that is kept or read has a limit here, and no input makes the parser fail otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace smtp {

// Bytes of one reply line that are kept; the rest of the line is dropped (line_length_limit).
inline constexpr std::size_t reply_line_limit = 2048;
// Bytes kept of a whole reply; further lines are dropped, only their codes are looked at.
inline constexpr std::size_t reply_text_limit = 10 * reply_line_limit;
// Bytes read for one reply, before the conversation is given up.
inline constexpr std::size_t reply_read_limit = 256 * 1024;
// Lines without a reply code that are passed over in one reply, before it is given up.
inline constexpr std::size_t reply_garbage_limit = 20;

struct ServerReply {
    int code = 0;     // Three digits, 000 to 999; that of the last line.
    std::string dsn;  // Enhanced status code whose class agrees with the code (RFC 3463).
    std::string text; // All lines with their codes, printable, joined by '\n'.

    int reply_class() const { return code / 100; }

    // The whole reply on one line, as the log and notices show it.
    std::string one_line() const;

    // The lines without their codes. The views point into `text`.
    std::vector<std::string_view> lines() const;

    bool operator==(const ServerReply&) const = default;
};

// The enhanced status code at the start of `text`: "D.D.D" with class 2, 4 or 5 and at most three
// digits in the other parts, followed by a blank or the end. Empty when there is none.
std::string_view leading_enhanced_code(std::string_view text);

// What stands for a reply without enhanced code: "X.0.0", or "5.5.0" when the code has no class
// that RFC 3463 knows.
std::string default_enhanced_code(int code);

// Takes bytes until one reply is complete.
class ReplyParser {
public:
    enum class State : std::uint8_t {
        Reading,
        Done,     // reply() holds it.
        TooLong,  // More than reply_read_limit bytes.
        Nonsense, // More than reply_garbage_limit lines without a code.
    };

    // Ready for the next reply; memory is kept.
    void reset();

    // Takes bytes up to the end of the reply and says how many. What is left over belongs to the
    // next reply.
    std::size_t feed(std::string_view bytes);

    State state() const { return state_; }
    const ServerReply& reply() const { return reply_; }

    // The first line that had no code, printable, and how many there were.
    const std::string& garbage() const { return garbage_; }
    std::size_t garbage_lines() const { return garbage_lines_; }

private:
    void take(std::string_view part);
    void end_line();
    void skip_garbage();
    void finish();

    State state_ = State::Reading;
    ServerReply reply_;
    std::string line_;
    std::size_t read_ = 0;
    std::string garbage_;
    std::size_t garbage_lines_ = 0;
};

} // namespace smtp
