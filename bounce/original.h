// SPDX-License-Identifier: Apache-2.0
// The message that a notice is about: what a notice must know of it before it is written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/delivery/message_file.h"

namespace bounce {

class Original {
public:
    // `fd` stays open and is not owned; the content has `size` bytes from `offset`.
    Original(int fd, std::uint64_t offset, std::uint64_t size)
        : fd_(fd), offset_(offset), size_(size)
    {
    }

    std::uint64_t size() const { return size_; }

    // The header with its last line end, without the empty line. Anything larger than `limit`
    // counts as header up to there.
    base::Result<std::uint64_t> header_size(std::uint64_t limit) const;

    // The Message-Id among the first `header` bytes, if it may be quoted (mail/message_id.h).
    base::Result<std::string> message_id(std::uint64_t header, bool allow_utf8) const;

    // What is in the first `size` bytes.
    struct Facts {
        bool eight_bit = false;
        bool has_needle = false;
        bool ends_with_newline = true;
    };
    base::Result<Facts> look(std::uint64_t size, std::string_view needle) const;

    // The first `size` bytes, to be read.
    delivery::MessageFile pieces(std::uint64_t size) const
    {
        return {fd_, offset_, std::min(size, size_)};
    }

private:
    int fd_;
    std::uint64_t offset_;
    std::uint64_t size_;
};

} // namespace bounce
