// SPDX-License-Identifier: Apache-2.0
// Message content from a descriptor; see content.h.
#include "lib/delivery/content.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

#include "lib/smtp/client_settings.h"

namespace delivery {

using smtp::ContentChunk;

base::Task<base::Result<ContentChunk>> FileContent::next()
{
    const std::size_t count = std::min<std::uint64_t>(left_, smtp::client_piece_size);
    if (buffer_ == nullptr)
        buffer_ = std::make_unique_for_overwrite<char[]>(count);
    std::size_t have = 0;
    while (have < count) {
        const ssize_t got =
            ::pread(fd_, buffer_.get() + have, count - have, static_cast<off_t>(offset_ + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            co_return base::system_error("read", errno);
        if (got == 0)
            co_return base::temporary("the queue file is shorter than it says");
        have += static_cast<std::size_t>(got);
    }
    offset_ += have;
    left_ -= have;
    co_return ContentChunk{{buffer_.get(), have}, left_ == 0};
}

smtp::ContentFacts content_facts(const ipc::delivery::ContentFacts& noted)
{
    smtp::ContentFacts facts;
    facts.size = noted.size;
    facts.longest_line = noted.longest_line;
    facts.dot_lines = noted.has_dot_lines;
    facts.stray_cr_or_lf = noted.has_bare_newline;
    facts.ends_with_crlf = noted.ends_with_newline;
    facts.eight_bit = noted.has_8bit || noted.has_8bit_header;
    facts.eight_bit_headers = noted.has_8bit_header;
    return facts;
}

} // namespace delivery
