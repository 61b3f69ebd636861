// SPDX-License-Identifier: Apache-2.0
// ContentScan: finds the facts about a message's content while it passes by, at memory speed.
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/mail/header.h"
#include "lib/queue/message.h"

namespace queue {

class ContentScan {
public:
    // The next bytes of the content, cut anywhere.
    void feed(std::string_view bytes);
    // No more is coming.
    void end();

    const ContentFacts& facts() const { return facts_; }

private:
    void lines(std::string_view block);
    void note_line(std::uint64_t length);

    mail::HeaderSplitter header_;
    ContentFacts facts_;
    std::uint64_t line_length_ = 0; // Of the line under way.
    bool last_was_cr_ = false;
    bool ended_ = false;
};

} // namespace queue
