// SPDX-License-Identifier: Apache-2.0
// Facts about content; see content_scan.h. Each pass below is a simple loop over a block that is in
// the processor's first cache, which the compiler or the C library turns into wide instructions.
#include "lib/queue/content_scan.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "lib/queue/bytes.h"

namespace queue {

namespace {

constexpr std::size_t block_size = 16 * 1024;

struct ByteKinds {
    bool has_8bit = false;
    bool has_nul = false;
};

ByteKinds kinds_in(std::string_view block)
{
    constexpr std::size_t step = 4 * sizeof(std::uint64_t);
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    const char* at = block.data();
    const char* end = at + block.size();
    std::uint64_t all = 0;
    for (; static_cast<std::size_t>(end - at) >= step; at += step)
        all |= load<std::uint64_t>(at) | load<std::uint64_t>(at + 8) |
               load<std::uint64_t>(at + 16) | load<std::uint64_t>(at + 24);
    for (; at != end; ++at)
        all |= static_cast<unsigned char>(*at);
    return {(all & high_bits) != 0, std::memchr(block.data(), 0, block.size()) != nullptr};
}

// Counts what cleanup and the delivery agents ask about the header.
class HeaderFacts final : public mail::HeaderSink {
public:
    explicit HeaderFacts(ContentFacts& facts) : facts_(facts) {}
    void field(const mail::HeaderField& field) override
    {
        facts_.received_count += field.is("Received");
        facts_.has_8bit_header = facts_.has_8bit_header || kinds_in(field.raw).has_8bit;
    }

private:
    ContentFacts& facts_;
};

} // namespace

void ContentScan::feed(std::string_view bytes)
{
    if (!header_.in_body()) {
        HeaderFacts sink{facts_};
        header_.feed(bytes, sink);
    }
    facts_.size += bytes.size();
    while (!bytes.empty()) {
        const std::string_view block = bytes.substr(0, block_size);
        const ByteKinds kinds = kinds_in(block);
        facts_.has_8bit = facts_.has_8bit || kinds.has_8bit;
        facts_.has_nul = facts_.has_nul || kinds.has_nul;
        lines(block);
        bytes.remove_prefix(block.size());
    }
}

void ContentScan::lines(std::string_view block)
{
    while (!block.empty()) {
        if (line_length_ == 0 && block.front() == '.')
            facts_.has_dot_lines = true;
        const void* found = std::memchr(block.data(), '\n', block.size());
        if (found == nullptr) {
            line_length_ += block.size();
            last_was_cr_ = block.back() == '\r';
            return;
        }
        const auto length =
            static_cast<std::size_t>(static_cast<const char*>(found) - block.data());
        const bool after_cr = length == 0 ? last_was_cr_ : block[length - 1] == '\r';
        note_line(line_length_ + length - (after_cr ? 1 : 0));
        facts_.has_bare_newline = facts_.has_bare_newline || !after_cr;
        line_length_ = 0;
        last_was_cr_ = false;
        block.remove_prefix(length + 1);
    }
}

void ContentScan::note_line(std::uint64_t length)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto counted = static_cast<std::uint32_t>(std::min(length, most));
    facts_.longest_line = std::max(facts_.longest_line, counted);
}

void ContentScan::end()
{
    if (ended_)
        return;
    ended_ = true;
    HeaderFacts sink{facts_};
    header_.finish(sink);
    facts_.header_size = header_.header_size();
    facts_.ends_with_newline = line_length_ == 0;
    if (line_length_ > 0)
        note_line(line_length_);
}

} // namespace queue
