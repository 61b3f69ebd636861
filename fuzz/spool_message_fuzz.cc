// SPDX-License-Identifier: Apache-2.0
// A queue file of Postfix is read without harm whatever stands in it: content is never larger than
// the file allows, and recipients have places in it.
#include <cstdint>

#include "tests/unit/queue/string_disk.h"
#include "tools/postfix/spool/message.h"

namespace {

struct Count final : spool::ContentSink {
    base::Result<void> append(std::string_view content) override
    {
        size += content.size();
        return {};
    }
    std::size_t size = 0;
};

void read(std::string_view bytes, spool::Origin origin)
{
    queue::StringDisk disk;
    disk.bytes = bytes;
    spool::RecordReader records(disk, 0, bytes.size());
    Count content;
    auto message = spool::read_message(records, origin, content);
    if (content.size > bytes.size() + 2) // A line end of two bytes for a header of two.
        __builtin_trap();
    if (!message)
        return;
    for (const auto& one : message->recipients)
        if (one.offset >= bytes.size())
            __builtin_trap();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read(bytes, spool::Origin::Queue);
    read(bytes, spool::Origin::Maildrop);
    return 0;
}
