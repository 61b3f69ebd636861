// SPDX-License-Identifier: Apache-2.0
// The stream that postdrop reads: any pieces give the same, and what is taken goes out again as it
// came.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "lib/submit/stream.h"

namespace {

struct Collect final : submit::StreamSink {
    std::vector<submit::Head> heads;
    std::vector<mail::Recipient> recipients;
    std::string bytes;

    base::Result<void> head(submit::Head head) override
    {
        heads.push_back(std::move(head));
        return {};
    }
    base::Result<void> recipient(mail::Recipient recipient) override
    {
        recipients.push_back(std::move(recipient));
        return {};
    }
    base::Result<void> content(std::string_view more) override
    {
        bytes += more;
        return {};
    }
    bool operator==(const Collect& other) const
    {
        return heads == other.heads && recipients == other.recipients && bytes == other.bytes;
    }
};

bool parse(std::string_view bytes, std::size_t step, Collect& sink)
{
    submit::StreamParser parser{sink};
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
    if (parse(bytes, 3, pieces) != good || !(whole == pieces))
        std::abort();
    if (!good)
        return 0;
    std::string written;
    append_head(written, whole.heads.front());
    for (const auto& recipient : whole.recipients)
        submit::append_recipient(written, recipient);
    submit::append_content(written, whole.bytes);
    submit::append_end(written, static_cast<std::uint32_t>(whole.recipients.size()),
                       whole.bytes.size());
    if (!parse(written, written.size(), again) || !(whole == again))
        std::abort();
    return 0;
}
