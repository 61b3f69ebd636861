// SPDX-License-Identifier: Apache-2.0
// The listing for one client; see report.h.
#include "services/showq/report.h"

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/queue/listing_wire.h"

namespace showq {

// Sent when so much has come together: few system calls, and memory that does not grow with the
// queue.
static constexpr std::size_t chunk_size = 64 * 1024;

// Other clients get a turn after so many messages, even when none of them is to be shown.
static constexpr unsigned messages_per_turn = 64;

// Reads on until a chunk is full, the turn is over, or the listing at its end (false).
static bool read_some(queue::Listing& listing, std::string& chunk)
{
    for (unsigned i = 0; i < messages_per_turn && chunk.size() < chunk_size; ++i) {
        auto message = listing.next();
        if (!message) {
            base::Log{}.warning(message.error().text);
            continue;
        }
        if (!*message)
            return false;
        queue::append_listed(chunk, **message);
    }
    return true;
}

base::Task<void> report(net::Stream& stream, const queue::Directories& directories,
                        base::Duration patience)
{
    queue::Listing listing(directories);
    std::string chunk(queue::listing_begin());
    for (bool more = true; more;) {
        more = read_some(listing, chunk);
        if (!more)
            chunk += queue::listing_end();
        if (more && chunk.size() < chunk_size) {
            co_await events::yield(stream.loop());
            continue;
        }
        auto deadline = stream.loop().clock().after(patience);
        auto sent = co_await stream.send(chunk, deadline);
        if (sent != net::Io::Ok)
            co_return;
        chunk.clear();
    }
}

base::Result<void> report_at_once(int fd, const queue::Directories& directories)
{
    queue::Listing listing(directories);
    std::string chunk(queue::listing_begin());
    for (bool more = true; more;) {
        more = read_some(listing, chunk);
        if (!more)
            chunk += queue::listing_end();
        if (auto written = base::write_all(fd, chunk); !written)
            return written;
        chunk.clear();
    }
    return {};
}

} // namespace showq
