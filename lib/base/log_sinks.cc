// SPDX-License-Identifier: Apache-2.0
// Log sinks; see log_sinks.h.
#include "lib/base/log_sinks.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/calendar.h"

namespace base {

// How long one line may wait for a busy log daemon.
static constexpr int log_wait_milliseconds = 200;

std::string_view LogTimestamp::text(WallTime now)
{
    long long second = unix_seconds(now);
    if (second != second_) {
        std::time_t when = second;
        std::tm local{};
        ::localtime_r(&when, &local);
        std::snprintf(text_, sizeof text_, "%.3s %2d %02d:%02d:%02d",
                      month_names[static_cast<unsigned>(local.tm_mon) % 12], local.tm_mday % 100,
                      local.tm_hour % 100, local.tm_min % 100, local.tm_sec % 100);
        second_ = second;
    }
    return text_;
}

SyslogSink::SyslogSink(Options options) : options_(std::move(options)), pid_(::getpid())
{
    address_.sun_family = AF_UNIX;
    std::size_t size = std::min(options_.path.size(), sizeof address_.sun_path - 1);
    std::memcpy(address_.sun_path, options_.path.data(), size);
    connect();
}

bool SyslogSink::connect()
{
    Fd fresh{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fresh || ::connect(fresh.number(), reinterpret_cast<const sockaddr*>(&address_),
                            sizeof address_) != 0)
        return false;
    socket_ = std::move(fresh);
    return true;
}

bool SyslogSink::send(std::string_view datagram)
{
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (!socket_ && !connect())
            return false;
        if (::send(socket_.number(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0)
            return true;
        if (errno == EAGAIN || errno == ENOBUFS) {
            pollfd writable{socket_.number(), POLLOUT, 0};
            if (lost_ > 0 || ::poll(&writable, 1, log_wait_milliseconds) <= 0)
                return false; // While lines are being lost, the next ones do not wait.
        } else if (errno != EINTR) {
            socket_.reset(); // The log daemon went away or was restarted.
        }
    }
    return false;
}

static int severity(LogLevel level) // RFC 5424 table 2
{
    switch (level) {
    case LogLevel::Debug: return 7;
    case LogLevel::Info: return 6;
    case LogLevel::Warning: return 4;
    case LogLevel::Error: return 3;
    case LogLevel::Fatal:
    case LogLevel::Panic: return 2;
    }
    return 6;
}

void SyslogSink::write(LogLevel level, std::string_view line)
{
    auto datagram = [&](LogLevel at, std::string_view text) {
        std::string out;
        if (options_.with_header) {
            append(out, '<', options_.facility * 8 + severity(at), '>',
                   timestamp_.text(SystemClock{}.wall()), ' ');
        }
        append(out, options_.ident, '[', pid_, "]: ", text);
        return out;
    };
    if (lost_ > 0 && send(datagram(LogLevel::Warning,
                                   cat("warning: ", lost_, " log lines were lost, log was busy"))))
        lost_ = 0;
    if (!send(datagram(level, line)))
        ++lost_;
}

FileLogSink::FileLogSink(int fd, std::string host, std::string ident)
    : fd_(fd), host_(std::move(host)), ident_(std::move(ident))
{
}

void FileLogSink::write(LogLevel, std::string_view line)
{
    std::string out = cat(timestamp_.text(SystemClock{}.wall()), ' ', host_, ' ', ident_, '[',
                          ::getpid(), "]: ", line, '\n');
    if (::write(fd_, out.data(), out.size()) < 0)
        return; // Nobody is left to be told.
}

CommandLogSink::CommandLogSink(std::string ident, LogSink* second)
    : ident_(std::move(ident)), second_(second)
{
}

void CommandLogSink::write(LogLevel level, std::string_view line)
{
    std::string out = cat(ident_, ": ", line, '\n');
    if (shown_from_ && level >= *shown_from_)
        std::fwrite(out.data(), 1, out.size(), stderr);
    if (second_ != nullptr)
        second_->write(level, line);
}

} // namespace base
