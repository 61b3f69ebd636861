// SPDX-License-Identifier: Apache-2.0
// The log. A Log is a context that is handed down (its prefix is "QUEUEID: " once there is one);
// the sink behind it is the one process-wide thing we have, set up once in main. Foreign bytes are
// made printable in the sink, for every line: one event, one line. What is logged holds no secrets.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/strings.h"

namespace base {

enum class LogLevel : unsigned char { Debug, Info, Warning, Error, Fatal, Panic };

// The text that stands before a message of this level: "", "warning: ", ...
std::string_view log_level_prefix(LogLevel level);

class LogSink {
public:
    virtual ~LogSink() = default;
    // `line` is printable, has its level's prefix and no newline.
    virtual void write(LogLevel level, std::string_view line) = 0;
};

// Where lines go from now on; stderr before the first call. The sink outlives all logging.
// Returns the sink that was in force.
LogSink* set_log_sink(LogSink* sink);

// Bytes of one line, including prefixes; longer ones are cut.
inline constexpr std::size_t log_line_limit = 2048;

class Log {
public:
    Log() = default;
    explicit Log(std::string prefix) : prefix_(std::move(prefix)) {}

    const std::string& prefix() const { return prefix_; }
    void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }

    template <typename... P> void debug(const P&... p) const { line<P...>(LogLevel::Debug, p...); }
    template <typename... P> void info(const P&... p) const { line<P...>(LogLevel::Info, p...); }
    template <typename... P> void warning(const P&... p) const
    {
        line<P...>(LogLevel::Warning, p...);
    }
    template <typename... P> void error(const P&... p) const { line<P...>(LogLevel::Error, p...); }

    void put(LogLevel level, std::string_view text) const;

private:
    template <typename... P> void line(LogLevel level, const P&... p) const
    {
        put(level, cat(p...));
    }

    std::string prefix_;
};

// The environment is unusable: one line, then exit status 1. Master starts us again, slower.
[[noreturn]] void fatal(std::string_view text);

// We have a bug: one line, then abort() and a core.
[[noreturn]] void panic(std::string_view text);

// Debug lines are dropped unless switched on (-v, debug_peer_list).
void set_log_debug(bool on);
bool log_debug();

} // namespace base
