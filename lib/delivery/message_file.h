// SPDX-License-Identifier: Apache-2.0
// A message's content as it lies in the queue file, piece by piece. Blocks as long as the disk
// does.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "lib/base/result.h"

namespace delivery {

class MessageFile {
public:
    static constexpr std::size_t piece_size = 64 * 1024; // At most.

    // `size` bytes from `offset` of `fd`, which is not owned and not moved, so that several may
    // read it.
    MessageFile(int fd, std::uint64_t offset, std::uint64_t size)
        : fd_(fd), offset_(offset), left_(size)
    {
    }

    // The next piece, valid until the next call; empty at the end. An error: the file cannot be
    // read, or is shorter than it should be.
    base::Result<std::string_view> next();

    // What has not been read yet.
    int fd() const { return fd_; }
    std::uint64_t offset() const { return offset_; }
    std::uint64_t left() const { return left_; }

private:
    int fd_;
    std::uint64_t offset_;
    std::uint64_t left_;
    std::unique_ptr<char[]> buffer_;
};

} // namespace delivery
