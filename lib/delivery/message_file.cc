// SPDX-License-Identifier: Apache-2.0
// Content of queue files; see message_file.h.
#include "lib/delivery/message_file.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace delivery {

base::Result<std::string_view> MessageFile::next()
{
    if (left_ == 0)
        return std::string_view{};
    const std::size_t count = std::min<std::uint64_t>(left_, piece_size);
    if (buffer_ == nullptr)
        buffer_ = std::make_unique_for_overwrite<char[]>(count); // No later piece is larger.
    ssize_t got = 0;
    do
        got = ::pread(fd_, buffer_.get(), count, static_cast<off_t>(offset_));
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return base::system_error("read queue file", errno);
    if (got == 0)
        return base::temporary("the queue file is shorter than it says");
    offset_ += static_cast<std::uint64_t>(got);
    left_ -= static_cast<std::uint64_t>(got);
    return std::string_view(buffer_.get(), static_cast<std::size_t>(got));
}

} // namespace delivery
