// SPDX-License-Identifier: Apache-2.0
// Where log lines go: the system log, a collecting process (postlogd), or memory for tests.
#pragma once

#include <optional>
#include <string>
#include <sys/un.h>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/fd.h"
#include "lib/base/log.h"

namespace base {

// "Mmm dd hh:mm:ss" in local time (RFC 3164 section 4.1.2), made once per second.
class LogTimestamp {
public:
    std::string_view text(WallTime now);

private:
    long long second_ = -1;
    char text_[32] = {};
};

// Sends datagrams to the system log's socket. The socket is opened at once, so that it works after
// chroot; when the log daemon was restarted it is opened again by `path`. A log that does not
// accept a line within a short time loses it, and the next line that gets through says how many
// were lost: mail never waits for the log.
class SyslogSink final : public LogSink {
public:
    struct Options {
        std::string path = "/dev/log";
        std::string ident;       // For example "postfix/smtpd".
        int facility = 2;        // RFC 5424 table 1; 2 is mail.
        bool with_header = true; // Priority and time stamp; off for postlogd's socket.
    };
    explicit SyslogSink(Options options);

    void write(LogLevel level, std::string_view line) override;

private:
    bool connect();
    bool send(std::string_view datagram);

    Options options_;
    Fd socket_;
    sockaddr_un address_{};
    LogTimestamp timestamp_;
    unsigned long lost_ = 0;
    long pid_ = 0;
};

// Writes "Mmm dd hh:mm:ss host ident[pid]: line" to a descriptor: maillog_file's own format, used
// for standard output and stderr, and by postlogd.
class FileLogSink final : public LogSink {
public:
    FileLogSink(int fd, std::string host, std::string ident);
    void write(LogLevel level, std::string_view line) override;

private:
    int fd_;
    std::string host_;
    std::string ident_;
    LogTimestamp timestamp_;
};

// Commands talk to a person: "ident: line" on stderr, and also to `second` when it is given.
class CommandLogSink final : public LogSink {
public:
    explicit CommandLogSink(std::string ident, LogSink* second = nullptr);
    void write(LogLevel level, std::string_view line) override;
    // Lines below `level`, or all, are for `second` only.
    void show_from(std::optional<LogLevel> level) { shown_from_ = level; }

private:
    std::string ident_;
    LogSink* second_;
    std::optional<LogLevel> shown_from_ = LogLevel::Debug;
};

// Keeps the lines, for tests.
class MemoryLogSink final : public LogSink {
public:
    void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;
};

} // namespace base
