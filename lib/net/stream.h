// SPDX-License-Identifier: Apache-2.0
// A buffered byte stream over a socket, every wait with a deadline. It knows no protocol. While it
// waits it holds no buffers, so that an idle session costs next to nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/task.h"
#include "lib/event/watch.h"

namespace net {

// What a read or write came to. Lost: the peer closed or reset; TimedOut: the deadline passed.
enum class Io : unsigned char { Ok, Lost, TimedOut };

class Stream {
public:
    Stream(events::Loop& loop, base::Fd fd);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Waits until there is more input than buffered() has shown. At the end of the stream: Lost.
    base::Task<Io> fill(base::Deadline deadline);

    // Input that has come and was not consumed. Valid until the next fill() or consume().
    std::string_view buffered() const { return std::string_view(in_).substr(consumed_); }
    void consume(std::size_t count);

    // Whether input waits in the kernel or the buffer, without waiting: early talkers.
    bool has_input();

    // Adds to what flush() will send. `bytes` is copied.
    void write(std::string_view bytes) { out_.append(bytes); }
    base::Task<Io> flush(base::Deadline deadline);

    // Sends `bytes` without copying them first; what write() left goes before. The bytes stay
    // valid until it returns.
    base::Task<Io> send(std::string_view bytes, base::Deadline deadline)
    {
        return send_two(bytes, {}, deadline);
    }
    // Likewise for two pieces that leave together.
    base::Task<Io> send_two(std::string_view first, std::string_view second,
                            base::Deadline deadline);

    // Sends `count` bytes of the file `fd` from `offset`, kernel to kernel where that is possible.
    base::Task<Io> send_file(int fd, off_t offset, std::size_t count, base::Deadline deadline);

    std::size_t pending_output() const { return out_.size(); }
    events::Loop& loop() const { return watch_.loop(); }
    int fd() const { return fd_.number(); }

    // Bytes that one fill() takes at most.
    static constexpr std::size_t read_size = 65536;

private:
    std::ptrdiff_t try_read(); // >0 bytes, 0 end, -1 would block, -2 error

    base::Fd fd_;
    events::Watch watch_;
    std::string in_;
    std::size_t consumed_ = 0;
    std::string out_;
    unsigned reads_without_wait_ = 0;
};

} // namespace net
