// SPDX-License-Identifier: Apache-2.0
// Any bytes as a message whose parts are told apart: what comes out does not depend on the pieces
// it comes in, nor on whether lines are wanted one by one, and but for cut header fields and line
// ends of empty lines it is what went in.

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/mail/mime_walk.h"

namespace {

void check(bool holds)
{
    if (!holds)
        __builtin_trap();
}

class OwnFields final : public mail::HeaderSink {
public:
    explicit OwnFields(mail::MimeWalk& walk) : walk_(walk) {}
    void field(const mail::HeaderField& field) override { walk_.own_field(field); }

private:
    mail::MimeWalk& walk_;
};

struct Walked {
    std::string fields; // Of parts and messages within.
    std::string lines;
    std::string bytes; // All of it.
};

Walked walk(std::string_view input, std::size_t step, bool lines)
{
    mail::MimeWalk walk(
        {.nesting = 10, .boundary_length = 40, .header_size = 1 << 20, .line_length = 30}, lines);
    OwnFields own(walk);
    mail::HeaderSplitter header;
    input.remove_prefix(header.feed(input, own));
    header.finish(own);
    std::vector<mail::MimeItem> items;
    for (std::size_t at = 0; at < input.size(); at += step)
        walk.feed(input.substr(at, step), items);
    walk.finish(items);
    Walked out;
    for (const auto& item : items) {
        if (item.kind == mail::MimeItem::Kind::Line)
            out.lines.append(item.text).append(item.line_end).append("|");
        else if (item.kind != mail::MimeItem::Kind::Text)
            out.fields.append(item.text).append("|");
        out.bytes.append(item.text).append(item.line_end);
    }
    if (!walk.too_deep())
        check(out.bytes.size() >= input.size());
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const Walked whole = walk(input, size + 1, true);
    const Walked pieces = walk(input, 1, true);
    check(whole.fields == pieces.fields);
    check(whole.lines == pieces.lines);
    check(whole.bytes == pieces.bytes);
    const Walked text = walk(input, size + 1, false);
    check(whole.fields == text.fields);
    check(whole.bytes == text.bytes);
    return 0;
}
