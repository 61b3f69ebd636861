// SPDX-License-Identifier: Apache-2.0
// A queue listing is parsed without harm whatever comes from the socket, and in whatever pieces;
// what was accepted is written and read again as the same.
#include <algorithm>
#include <cstdint>
#include <string>

#include "lib/queue/listing_wire.h"

namespace {

struct Collect final : queue::ListingParser::Sink {
    void take(const queue::ListedMessage& message) override { messages.push_back(message); }
    std::vector<queue::ListedMessage> messages;
};

bool parse(std::string_view bytes, std::size_t step, Collect& sink)
{
    queue::ListingParser parser{sink};
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size())))
        if (!parser.feed(bytes.substr(0, step)))
            return false;
    return parser.complete();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Collect whole, pieces, again;
    const bool good = parse(bytes, std::max<std::size_t>(size, 1), whole);
    if (parse(bytes, 3, pieces) != good || whole.messages != pieces.messages)
        __builtin_trap();
    if (!good)
        return 0;
    std::string written(queue::listing_begin());
    for (const auto& message : whole.messages)
        queue::append_listed(written, message);
    written += queue::listing_end();
    if (!parse(written, written.size(), again) || again.messages != whole.messages)
        __builtin_trap();
    return 0;
}
