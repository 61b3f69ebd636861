// SPDX-License-Identifier: Apache-2.0
// Frames over a UNIX socket; see channel.h and PROTOCOL.md.
#include "lib/ipc/channel.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>

#include "lib/base/log.h"

namespace ipc {

// A frame's head: body length (4), call (4), number of descriptors (1); little-endian.
static constexpr std::size_t head_size = 9;
static constexpr std::size_t read_size = 65536 + 512; // A content frame in one go.
static constexpr std::size_t fds_per_read = 16;
static constexpr unsigned frames_per_turn = 64; // Then others get a turn.

static void put32(char* to, std::uint32_t value)
{
    for (int i = 0; i < 4; ++i)
        to[i] = static_cast<char>(value >> (8 * i));
}

static std::uint32_t get32(const char* from)
{
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])) << (8 * i);
    return value;
}

Channel::Channel(events::Loop& loop, base::Fd fd)
    : fd_(std::move(fd)), watch_(loop, fd_.number()), drained_(loop)
{
}

void Channel::queue(std::string_view bytes, const std::vector<int>& fds)
{
    std::vector<base::Fd> kept;
    for (int fd : fds) {
        kept.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
        broken_ = broken_ || !kept.back();
    }
    if (out_.empty() || !kept.empty())
        out_.push_back({{}, std::move(kept)});
    out_.back().bytes.append(bytes);
    out_size_ += bytes.size();
}

// Sends one piece with its descriptors; `sent` counts bytes. False when the socket is full.
bool Channel::send_now(std::string_view bytes, const std::vector<int>& fds, std::size_t& sent)
{
    iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * fds_per_read)] = {};
    if (!fds.empty()) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
        std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
    }
    ssize_t put = ::sendmsg(fd_.number(), &message, MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR)
        broken_ = true;
    sent = put < 0 ? 0 : static_cast<std::size_t>(put);
    return put >= 0;
}

bool Channel::send_queued()
{
    while (!out_.empty() && !broken_) {
        Segment& segment = out_.front();
        std::vector<int> numbers;
        numbers.reserve(segment.fds.size());
        for (const auto& fd : segment.fds)
            numbers.push_back(fd.number());
        std::size_t sent = 0;
        if (!send_now(segment.bytes, numbers, sent))
            return broken_;
        segment.fds.clear();
        out_size_ -= sent;
        if (sent == segment.bytes.size())
            out_.pop_front();
        else
            segment.bytes.erase(0, sent);
    }
    return true;
}

void Channel::post(std::uint32_t call, const Encoder& body, bool more)
{
    if (broken_ || body.fds.size() > fds_per_read || body.bytes.size() > frame_limit) {
        broken_ = true;
        return;
    }
    std::string frame(head_size, '\0');
    put32(frame.data(), static_cast<std::uint32_t>(body.bytes.size()));
    put32(frame.data() + 4, call);
    frame[8] = static_cast<char>(body.fds.size());
    frame.append(body.bytes);
    std::size_t sent = 0;
    if (!more && out_.empty() && send_now(frame, body.fds, sent) && sent == frame.size())
        return;
    queue(std::string_view(frame).substr(sent), sent == 0 ? body.fds : std::vector<int>{});
    if (more || !writer_.empty() || broken_)
        return;
    if (!send_queued())
        writer_.spawn(write_rest());
}

base::Task<void> Channel::write_rest()
{
    while (!send_queued()) {
        drained_.notify();
        co_await watch_.writable(base::Deadline::never());
    }
    drained_.notify();
}

base::Task<bool> Channel::drain(std::size_t bytes, base::Deadline deadline)
{
    while (!broken_ && out_size_ > bytes) {
        if (writer_.empty() && !send_queued())
            writer_.spawn(write_rest());
        if (out_size_ <= bytes)
            break;
        bool in_time = co_await drained_.wait(deadline);
        if (!in_time)
            co_return false;
    }
    co_return !broken_;
}

void Channel::take_descriptors(msghdr& message)
{
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd;
            std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            fds_in_.emplace_back(fd);
        }
    }
}

std::ptrdiff_t Channel::read_some()
{
    static char buffer[read_size]; // See net::Stream: one loop, no wait between read and copy.
    iovec vector{buffer, sizeof buffer};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * fds_per_read)];
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = ::recvmsg(fd_.number(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? -1 : 0;
    take_descriptors(message);
    if ((message.msg_flags & MSG_CTRUNC) != 0 || fds_in_.size() > descriptor_limit)
        return 0;
    in_.append(buffer, static_cast<std::size_t>(got));
    return got;
}

bool Channel::parse(Frame& frame, bool& wrong)
{
    std::string_view input = std::string_view(in_).substr(consumed_);
    if (input.size() < head_size)
        return false;
    std::size_t size = get32(input.data());
    std::size_t fds = static_cast<unsigned char>(input[8]);
    wrong = size > frame_limit || fds > fds_per_read;
    if (wrong || input.size() < head_size + size)
        return false;
    wrong = fds > fds_in_.size();
    if (wrong)
        return false;
    frame.call = get32(input.data() + 4);
    frame.body = input.substr(head_size, size);
    for (; fds > 0; --fds) {
        frame.fds.push_back(std::move(fds_in_.front()));
        fds_in_.pop_front();
    }
    consumed_ += head_size + size;
    return true;
}

base::Task<base::Result<Frame>> Channel::receive(base::Deadline deadline)
{
    Frame frame;
    bool wrong = false;
    if (++frames_without_wait_ > frames_per_turn) {
        frames_without_wait_ = 0;
        co_await events::yield(loop());
    }
    while (true) {
        if (parse(frame, wrong))
            co_return std::move(frame);
        if (wrong || broken_)
            break;
        in_.erase(0, consumed_);
        consumed_ = 0;
        std::ptrdiff_t got = read_some();
        if (got == 0)
            break;
        if (got > 0)
            continue;
        if (in_.empty() && in_.capacity() > 64)
            std::string().swap(in_);
        frames_without_wait_ = 0;
        bool in_time = co_await watch_.readable(deadline);
        if (!in_time)
            co_return base::temporary("no answer in time");
    }
    broken_ = true;
    co_return base::temporary(wrong ? "protocol error" : "connection closed");
}

void Channel::finish()
{
    ::shutdown(fd_.number(), SHUT_RDWR);
}

static ucred credentials(int fd)
{
    ucred peer{0, static_cast<uid_t>(-1), static_cast<gid_t>(-1)};
    socklen_t size = sizeof peer;
    ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer;
}

pid_t Channel::peer_pid() const
{
    return credentials(fd_.number()).pid;
}

uid_t Channel::peer_uid() const
{
    return credentials(fd_.number()).uid;
}

} // namespace ipc
