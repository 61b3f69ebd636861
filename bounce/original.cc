// SPDX-License-Identifier: Apache-2.0
// The returned message; see original.h.
#include "bounce/original.h"

#include <algorithm>

#include "lib/base/strings.h"
#include "lib/mail/header.h"
#include "lib/mail/message_id.h"

namespace bounce {

using base::Result;

Result<std::uint64_t> Original::header_size(std::uint64_t limit) const
{
    delivery::MessageFile file = pieces(limit);
    std::string before = "\r\n"; // So that a message that begins with an empty line has no header.
    for (std::uint64_t at = 0;;) {
        const auto piece = file.next();
        if (!piece)
            return piece.error();
        if (piece->empty())
            return at;
        const std::string text = base::cat(before, *piece);
        const std::size_t found = text.find("\r\n\r\n");
        if (found != std::string::npos)
            return at + found + 2 - before.size();
        at += piece->size();
        before = text.substr(text.size() - std::min<std::size_t>(text.size(), 3));
    }
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
    delivery::MessageFile file = pieces(header);
    while (!finder.found && file.left() > 0) {
        const auto piece = file.next();
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
    delivery::MessageFile file = pieces(size);
    while (file.left() > 0) {
        const auto piece = file.next();
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
