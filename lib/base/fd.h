// SPDX-License-Identifier: Apache-2.0
// Fd: sole owner of a file descriptor.
#pragma once

#include <utility>

#include "lib/base/result.h"

namespace base {

class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() { reset(); }

    int number() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

    // Closes now and forgets. For descriptors whose close result does not matter.
    void reset();

    // Closes now and reports: the last chance of a network file system to admit a lost write.
    Result<void> close();

    // A second descriptor for the same open file, close-on-exec.
    Result<Fd> duplicate() const;

private:
    int fd_ = -1;
};

Result<void> set_nonblocking(int fd, bool on);
Result<void> set_close_on_exec(int fd, bool on);

// Both ends close-on-exec and non-blocking. `type` is SOCK_STREAM or SOCK_SEQPACKET.
Result<std::pair<Fd, Fd>> socket_pair(int type);
Result<std::pair<Fd, Fd>> pipe_pair(); // first: read end

} // namespace base
