// SPDX-License-Identifier: Apache-2.0
// The log's front half; see log.h. The sinks are in log_sinks.cc.
#include "lib/base/log.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace base {

namespace {

class StderrSink final : public LogSink {
public:
    void write(LogLevel, std::string_view line) override
    {
        std::string out = cat(line, "\n");
        std::fwrite(out.data(), 1, out.size(), stderr);
    }
};

StderrSink stderr_sink;
LogSink* sink = &stderr_sink;
bool debug_on = false;

} // namespace

std::string_view log_level_prefix(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
    case LogLevel::Info: return "";
    case LogLevel::Warning: return "warning: ";
    case LogLevel::Error: return "error: ";
    case LogLevel::Fatal: return "fatal: ";
    case LogLevel::Panic: return "panic: ";
    }
    return "";
}

LogSink* set_log_sink(LogSink* next)
{
    return std::exchange(sink, next);
}

void set_log_debug(bool on)
{
    debug_on = on;
}

bool log_debug()
{
    return debug_on;
}

void Log::put(LogLevel level, std::string_view text) const
{
    if (level == LogLevel::Debug && !debug_on)
        return;
    std::string line = cat(log_level_prefix(level), prefix_, text);
    if (line.size() > log_line_limit)
        line.resize(log_line_limit);
    sink->write(level, printable(line, true));
}

void fatal(std::string_view text)
{
    Log{}.put(LogLevel::Fatal, text);
    std::exit(1);
}

void panic(std::string_view text)
{
    Log{}.put(LogLevel::Panic, text);
    std::abort();
}

} // namespace base
