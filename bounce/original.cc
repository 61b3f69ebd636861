// SPDX-License-Identifier: Apache-2.0
// The returned message; see original.h.
#include "bounce/original.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/mail/header.h"
#include "lib/mail/message_id.h"

namespace bounce {

using base::Result;

Result<std::string> Original::read(std::uint64_t at, std::uint64_t end) const
{
    end = std::min({end, size_, at + piece_size});
    std::string piece(end - std::min(at, end), '\0');
    std::size_t have = 0;
    while (have < piece.size()) {
        const ssize_t got = ::pread(fd_, piece.data() + have, piece.size() - have,
                                    static_cast<off_t>(offset_ + at + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base::system_error("read message", errno);
        if (got == 0)
            return base::temporary("the queue file is shorter than it says");
        have += static_cast<std::size_t>(got);
    }
    return piece;
}

Result<std::uint64_t> Original::header_size(std::uint64_t limit) const
{
    const std::uint64_t end = std::min(size_, limit);
    std::string before = "\r\n"; // So that a message that begins with an empty line has no header.
    for (std::uint64_t at = 0; at < end; at += piece_size) {
        auto piece = read(at, end);
        if (!piece)
            return piece.error();
        const std::string text = before + *piece;
        const std::size_t found = text.find("\r\n\r\n");
        if (found != std::string::npos)
            return at + found + 2 - before.size();
        before = text.substr(text.size() - std::min<std::size_t>(text.size(), 3));
    }
    return end;
}

namespace {

// The first Message-Id counts.
class IdFinder final : public mail::HeaderSink {
public:
    explicit IdFinder(bool allow_utf8) : allow_utf8_(allow_utf8) {}
    void field(const mail::HeaderField& field) override
    {
        if (found || !field.is("Message-Id"))
            return;
        found = true;
        if (!field.truncated)
            id = mail::quotable_message_id(field.unfolded(), allow_utf8_);
    }
    bool found = false;
    std::string id;

private:
    const bool allow_utf8_;
};

} // namespace

Result<std::string> Original::message_id(std::uint64_t header, bool allow_utf8) const
{
    constexpr std::size_t field_limit = 2048; // What is larger is quoted by nobody.
    mail::HeaderSplitter splitter{field_limit};
    IdFinder finder{allow_utf8};
    for (std::uint64_t at = 0; at < header && !finder.found; at += piece_size) {
        auto piece = read(at, header);
        if (!piece)
            return piece.error();
        splitter.feed(*piece, finder);
    }
    splitter.finish(finder);
    return std::move(finder.id);
}

Result<Original::Facts> Original::look(std::uint64_t size, std::string_view needle) const
{
    Facts facts;
    std::string before;
    for (std::uint64_t at = 0; at < std::min(size, size_); at += piece_size) {
        auto piece = read(at, size);
        if (!piece)
            return piece.error();
        facts.eight_bit = facts.eight_bit || !base::is_ascii(*piece);
        facts.ends_with_newline = piece->ends_with('\n');
        before += *piece;
        facts.has_needle = facts.has_needle || before.find(needle) != std::string::npos;
        before.erase(0, before.size() - std::min(before.size(), needle.size()));
    }
    return facts;
}

} // namespace bounce
