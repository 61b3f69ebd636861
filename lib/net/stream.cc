// SPDX-License-Identifier: Apache-2.0
// The buffered stream; see stream.h.
#include "lib/net/stream.h"

#include <cerrno>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace net {

// After so many reads that needed no wait, others get a turn.
static constexpr unsigned reads_per_turn = 16;

// One buffer for all streams of the process: input is read into it and the stream keeps only what
// came. Safe because there is one loop and no wait between the read and the copy.
static char* scratch()
{
    static char buffer[Stream::read_size];
    return buffer;
}

Stream::Stream(events::Loop& loop, base::Fd fd) : fd_(std::move(fd)), watch_(loop, fd_.number()) {}

std::ptrdiff_t Stream::try_read()
{
    while (true) {
        ssize_t got = ::recv(fd_.number(), scratch(), read_size, 0);
        if (got >= 0) {
            in_.append(scratch(), static_cast<std::size_t>(got));
            return got;
        }
        if (errno == EAGAIN)
            return -1;
        if (errno != EINTR)
            return -2;
    }
}

base::Task<Io> Stream::fill(base::Deadline deadline)
{
    if (consumed_ > 0) {
        in_.erase(0, consumed_);
        consumed_ = 0;
    }
    if (++reads_without_wait_ > reads_per_turn) {
        reads_without_wait_ = 0;
        co_await events::yield(loop());
    }
    while (true) {
        std::ptrdiff_t got = try_read();
        if (got > 0)
            co_return Io::Ok;
        if (got == 0 || got == -2)
            co_return Io::Lost;
        if (in_.empty() && in_.capacity() > 64)
            std::string().swap(in_);
        if (out_.empty() && out_.capacity() > 64)
            std::string().swap(out_);
        reads_without_wait_ = 0;
        bool in_time = co_await watch_.readable(deadline);
        if (!in_time)
            co_return Io::TimedOut;
    }
}

void Stream::consume(std::size_t count)
{
    consumed_ += count;
    if (consumed_ == in_.size()) {
        in_.clear();
        consumed_ = 0;
    }
}

bool Stream::has_input()
{
    return !buffered().empty() || try_read() > 0;
}

base::Task<Io> Stream::flush(base::Deadline deadline)
{
    if (out_.empty())
        co_return Io::Ok;
    std::string out;
    out.swap(out_);
    Io result = co_await send(out, deadline);
    out.clear();
    if (out_.empty())
        out_.swap(out); // Keeps the allocation while the session is busy.
    co_return result;
}

base::Task<Io> Stream::send_two(std::string_view first, std::string_view second,
                                base::Deadline deadline)
{
    std::string before;
    before.swap(out_);
    std::string_view parts[3] = {before, first, second};
    while (!parts[0].empty() || !parts[1].empty() || !parts[2].empty()) {
        iovec vector[3];
        for (int i = 0; i < 3; ++i)
            vector[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};
        msghdr message{};
        message.msg_iov = vector;
        message.msg_iovlen = 3;
        ssize_t put = ::sendmsg(fd_.number(), &message, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno != EAGAIN)
            co_return Io::Lost;
        if (put < 0) {
            bool in_time = co_await watch_.writable(deadline);
            if (!in_time)
                co_return Io::TimedOut;
            continue;
        }
        for (auto& part : parts) {
            std::size_t sent = std::min(part.size(), static_cast<std::size_t>(put));
            part.remove_prefix(sent);
            put -= static_cast<ssize_t>(sent);
        }
    }
    co_return Io::Ok;
}

base::Task<Io> Stream::send_file(int fd, off_t offset, std::size_t count, base::Deadline deadline)
{
    Io flushed = co_await flush(deadline);
    if (flushed != Io::Ok)
        co_return flushed;
    while (count > 0) {
        ssize_t put = ::sendfile(fd_.number(), fd, &offset, count);
        if (put > 0) {
            count -= static_cast<std::size_t>(put);
        } else if (put < 0 && errno == EAGAIN) {
            bool in_time = co_await watch_.writable(deadline);
            if (!in_time)
                co_return Io::TimedOut;
        } else if (put == 0 || errno != EINTR) {
            co_return Io::Lost; // A file shorter than it said counts as lost too.
        }
    }
    co_return Io::Ok;
}

} // namespace net
