// SPDX-License-Identifier: Apache-2.0
// Message content from a descriptor; see content.h.
#include "lib/delivery/content.h"

#include "lib/smtp/client_settings.h"

namespace delivery {

using smtp::ContentChunk;

static_assert(MessageFile::piece_size <= smtp::client_piece_size);

base::Task<base::Result<ContentChunk>> FileContent::next()
{
    const auto piece = file_.next();
    if (!piece)
        co_return piece.error();
    co_return ContentChunk{*piece, file_.left() == 0};
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
