// SPDX-License-Identifier: Apache-2.0
// Blocking work as a user; see child.h.
#include "lib/delivery/child.h"

#include <csignal>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/event/watch.h"
#include "lib/ipc/codec.h"

namespace delivery {

using base::Result;

namespace {

// Lines that a child may log.
constexpr std::size_t log_lines_limit = 100;

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int)
{
    stop_asked = 1;
}

struct ChildLine {
    std::uint32_t level = 0;
    std::string text;
    static constexpr auto fields =
        std::tuple{ipc::field("level", &ChildLine::level), ipc::field("text", &ChildLine::text)};
};

// All that a child says, at its end.
struct ChildReport {
    bool failed = false;
    std::string text; // The result, or why it failed.
    std::vector<ChildLine> lines;
    static constexpr auto fields = std::tuple{ipc::field("failed", &ChildReport::failed),
                                              ipc::field("text", &ChildReport::text),
                                              ipc::field("lines", &ChildReport::lines)};
};

class ReportSink final : public base::LogSink {
public:
    explicit ReportSink(ChildReport& report) : report_(report) {}
    void write(base::LogLevel level, std::string_view line) override
    {
        if (report_.lines.size() >= log_lines_limit)
            return;
        // The parent puts the prefix of the level before it again.
        line.remove_prefix(base::log_level_prefix(level).size());
        report_.lines.push_back({static_cast<std::uint32_t>(level), std::string(line)});
    }

private:
    ChildReport& report_;
};

void handle_stop()
{
    struct sigaction action {};
    action.sa_handler = ask_to_stop; // Without SA_RESTART: blocking calls come back.
    ::sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN); // A parent that died does not end a delivery half way.
    ::signal(SIGXFSZ, SIG_IGN);
}

int in_child(ChildSetup setup, int report_to, const std::function<std::string()>& work)
{
    ChildReport report;
    ReportSink sink(report);
    base::set_log_sink(&sink);
    handle_stop();
    setup.keep.push_back(report_to);
    if (auto entered = enter_child(setup); !entered) {
        report.failed = true;
        report.text = entered.error().text;
    } else {
        report.text = work();
    }
    ipc::Encoder encoder;
    ipc::encode(encoder, report);
    stop_asked = 0;
    return base::set_nonblocking(report_to, false) && base::write_all(report_to, encoder.bytes)
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

// What comes until the end; false when the deadline passed first.
base::Task<bool> read_all(events::Watch& watch, std::string& into, base::Deadline deadline)
{
    char buffer[16384];
    while (true) {
        const ssize_t got = ::read(watch.fd(), buffer, sizeof buffer);
        if (got > 0) {
            if (into.size() <= child_result_limit * 2)
                into.append(buffer, static_cast<std::size_t>(got));
        } else if (got == 0) {
            co_return true;
        } else if (errno == EAGAIN) {
            const bool ready = co_await watch.readable(deadline);
            if (!ready)
                co_return false;
        } else if (errno != EINTR) {
            co_return true;
        }
    }
}

Result<std::string> read_report(const std::string& bytes, int status, bool timed_out)
{
    ChildReport report;
    ipc::Decoder decoder(bytes);
    ipc::decode(decoder, report);
    if (!decoder.complete())
        return timed_out ? base::temporary("time limit exceeded")
                         : base::temporary(
                               base::cat("the delivery process ended with ", describe_end(status)));
    for (const auto& line : report.lines)
        base::Log{}.put(std::min(static_cast<base::LogLevel>(line.level), base::LogLevel::Error),
                        line.text);
    if (report.failed)
        return base::temporary(std::move(report.text));
    if (report.text.size() > child_result_limit)
        return base::temporary("the delivery process said too much");
    return std::move(report.text);
}

} // namespace

bool told_to_stop()
{
    return stop_asked != 0;
}

base::Task<Result<std::string>> run_as(events::Loop& loop, ChildSetup setup,
                                       std::function<std::string()> work)
{
    if (auto allowed = check_rights(setup.rights); !allowed)
        co_return allowed.error();
    auto pipe = base::pipe_pair();
    if (!pipe)
        co_return pipe.error();
    const auto deadline = loop.clock().after(setup.limit);
    base::Fd writer = std::move(pipe->second);
    events::Watch watch(loop, pipe->first.number());
    Process process(loop, SIGTERM);
    const std::function<int()> body = [&] { return in_child(setup, writer.number(), work); };
    if (auto started = process.start(body); !started)
        co_return started.error();
    writer.reset();

    std::string bytes;
    const bool in_time = co_await read_all(watch, bytes, deadline);
    if (!in_time) {
        process.kill_group(SIGTERM);
        const auto last = loop.clock().after(setup.grace);
        const bool undone = co_await read_all(watch, bytes, last);
        if (!undone)
            process.kill_group(SIGKILL);
    }
    const auto never = base::Deadline::never();
    co_await process.ended(never);
    co_return read_report(bytes, process.status(), !in_time);
}

} // namespace delivery
