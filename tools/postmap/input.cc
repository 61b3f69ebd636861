// SPDX-License-Identifier: Apache-2.0
// Standard input; see input.h.
#include "tools/postmap/input.h"

#include <unistd.h>

#include "lib/base/strings.h"
#include "lib/mail/header.h"
#include "lib/mail/mime_walk.h"

namespace postmap {

base::Result<std::string> read_standard_input()
{
    std::string all;
    char buffer[65536];
    ssize_t got = 0;
    while ((got = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        all.append(buffer, static_cast<std::size_t>(got));
        if (all.size() > kInputBytes)
            return base::permanent("standard input is too large");
    }
    if (got < 0)
        return base::system_error("read standard input", errno);
    return all;
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::string_view line = base::cut(text, '\n');
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        lines.emplace_back(line);
    }
    return lines;
}

namespace {

class Keys final : public mail::HeaderSink {
public:
    explicit Keys(bool mime) : mime_(mime) {}

    std::vector<MessageKey> of(std::string_view message)
    {
        mail::HeaderSplitter header;
        std::string body(message.substr(header.feed(message, *this)));
        header.finish(*this);
        body.insert(0, header.held_body());
        if (header.in_body()) // An empty line is between the two, also where it is missing.
            keys_.push_back({false, {}});
        if (!mime_) {
            add_lines(body);
            return std::move(keys_);
        }
        walk_.feed(body, items_);
        walk_.finish(items_);
        for (const auto& item : items_)
            add(item);
        return std::move(keys_);
    }

private:
    void field(const mail::HeaderField& field) override
    {
        keys_.push_back({true, field.lines()});
        walk_.own_field(field);
    }

    void add_lines(std::string_view text)
    {
        for (auto& line : lines_of(text))
            keys_.push_back({false, std::move(line)});
    }

    void add(const mail::MimeItem& item)
    {
        switch (item.kind) {
        case mail::MimeItem::Kind::Text: add_lines(item.text); return;
        case mail::MimeItem::Kind::Line: keys_.push_back({false, item.text}); return;
        case mail::MimeItem::Kind::PartField:
        case mail::MimeItem::Kind::NestedField:
            keys_.push_back({true, mail::as_field(item.text).lines()});
            return;
        }
    }

    const bool mime_;
    mail::MimeWalk walk_{mail::MimeWalk::Limits{}, true};
    std::vector<mail::MimeItem> items_;
    std::vector<MessageKey> keys_;
};

} // namespace

std::vector<MessageKey> message_keys(std::string_view message, bool mime)
{
    return Keys(mime).of(message);
}

} // namespace postmap
