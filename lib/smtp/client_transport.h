// SPDX-License-Identifier: Apache-2.0
// What the client engine asks of the outside: a connection that sends and receives bytes, and a
// source of message content. lib/delivery supplies both; tests supply scripts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/base/task.h"

namespace smtp {

enum class WireStatus : std::uint8_t {
    Ok,
    Lost,     // Closed or reset by the other side, or by the network.
    TimedOut, // The deadline passed.
    Garbled,  // The server does not speak the protocol. Transports do not use this one.
};

struct Received {
    WireStatus status = WireStatus::Ok;
    std::size_t count = 0; // 0 together with Ok is the end: the server closed.
};

// Part of an open file; the descriptor is not owned.
struct FileRegion {
    int fd = -1;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

class ClientTransport {
public:
    virtual ~ClientTransport() = default;

    // Sends all pieces, in order, or fails. The pieces live until the task ends.
    virtual base::Task<WireStatus> send(std::span<const std::string_view> pieces,
                                        base::Deadline deadline) = 0;

    // Sends a part of a file, which nobody needs to look at. Only when sends_files().
    virtual base::Task<WireStatus> send_file(FileRegion part, base::Deadline deadline);
    virtual bool sends_files() const { return false; }

    // Waits for at least one byte.
    virtual base::Task<Received> receive(std::span<char> into, base::Deadline deadline) = 0;
};

struct ContentChunk {
    std::string_view bytes; // Lives until the next call of next().
    bool last = false;      // Nothing follows.
};

// Content in wire form: lines end in CRLF, dots are not doubled. Read once, from the start to the
// chunk that is the last, or not at all. Each chunk has one deadline
// (smtp_data_xfer_timeout), so it should have no more than client_piece_size bytes.
class ContentSource {
public:
    virtual ~ContentSource() = default;
    virtual base::Task<base::Result<ContentChunk>> next() = 0;

    // Where the rest of the content lies, when it lies in one piece of a file; it may then be sent
    // from there instead of being read.
    virtual std::optional<FileRegion> region() const { return std::nullopt; }
};

} // namespace smtp
