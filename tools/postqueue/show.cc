// SPDX-License-Identifier: Apache-2.0
// Showing the queue; see run.h. The listing comes from showq, or, for root when that does not run,
// from the files, in both cases through the same bytes and the same parser.
#include <csignal>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/net/socket.h"
#include "lib/net/stream.h"
#include "lib/queue/listing_wire.h"
#include "lib/queue/spool.h"
#include "tools/postqueue/format.h"
#include "tools/postqueue/run.h"

namespace postqueue {

using service::ExitStatus;

namespace {

constexpr std::size_t output_chunk = 64 * 1024;
constexpr auto connect_patience = std::chrono::seconds(30);

// Formats what comes, and writes it in large pieces.
class Printer final : public queue::ListingParser::Sink {
public:
    explicit Printer(Format& format) : format_(format) {}

    void take(const queue::ListedMessage& message) override
    {
        format_.add(text_, message);
        if (text_.size() >= output_chunk)
            flush();
    }
    void finish()
    {
        format_.finish(text_);
        flush();
    }
    const base::Result<void>& written() const { return written_; }

private:
    void flush()
    {
        if (written_)
            written_ = base::write_all(STDOUT_FILENO, text_);
        text_.clear();
    }

    Format& format_;
    std::string text_;
    base::Result<void> written_;
};

struct Reading {
    events::Loop& loop;
    std::string socket;
    base::Duration patience;
    queue::ListingParser& parser;
    const Printer& printer;
    base::Result<void> connected = base::temporary("not tried");
    base::Result<void> parsed = {};
};

base::Task<void> read_service(Reading& reading)
{
    auto deadline = reading.loop.clock().after(connect_patience);
    auto fd = co_await net::connect_local(reading.loop, reading.socket, deadline);
    service::give_back_group();
    if (!fd) {
        reading.connected = fd.error();
        co_return;
    }
    reading.connected = {};
    net::Stream stream(reading.loop, std::move(*fd));
    while (reading.parsed && reading.printer.written()) {
        auto io = co_await stream.fill(reading.loop.clock().after(reading.patience));
        if (io != net::Io::Ok)
            co_return;
        reading.parsed = reading.parser.feed(stream.buffered());
        stream.consume(stream.buffered().size());
    }
}

base::Result<void> read_directly(const Context& context, queue::ListingParser& parser)
{
    auto spool = queue::Spool::open(".", context.queue);
    if (!spool)
        return spool.error();
    queue::Listing listing{spool->directories};
    std::string bytes(queue::listing_begin());
    while (true) {
        auto message = listing.next();
        if (!message) {
            context.command.log().warning(message.error().text);
            continue;
        }
        if (!*message)
            return parser.feed(bytes += queue::listing_end());
        queue::append_listed(bytes, **message);
        if (auto parsed = parser.feed(bytes); !parsed)
            return parsed;
        bytes.clear();
    }
}

int finish(const Context& context, const queue::ListingParser& parser, Printer& printer)
{
    if (parser.complete() && printer.written())
        printer.finish();
    if (!printer.written())
        return context.command.fail(ExitStatus::WriteError,
                                    base::cat("output ", printer.written().error().text));
    if (!parser.complete())
        return context.command.fail(ExitStatus::Software, "malformed showq server response");
    return static_cast<int>(ExitStatus::Ok);
}

} // namespace

int show(const Context& context)
{
    std::signal(SIGPIPE, SIG_IGN);
    const bool json = context.options.action == Action::ShowJson;
    auto format = json ? json_format() : table_format(context.params.enable_long_queue_ids());
    Printer printer{*format};
    queue::ListingParser parser{printer};
    events::Loop loop;
    base::Scope scope;
    Reading reading{.loop = loop,
                    .socket = base::cat("public/", context.params.showq_service_name()),
                    .patience = context.command.common().ipc_timeout(),
                    .parser = parser,
                    .printer = printer};
    scope.spawn(read_service(reading));
    while (!scope.empty())
        loop.turn(std::chrono::seconds(1));
    if (reading.connected)
        return finish(context, parser, printer);
    std::string_view reason = reading.connected.error().text;
    if (const auto colon = reason.rfind(": "); colon != std::string_view::npos)
        reason.remove_prefix(colon + 2);
    const std::string why = base::cat("Connect to the ", context.command.common().mail_name(),
                                      " showq service: ", reason);
    if (::getuid() != 0)
        return context.command.fail(
            ExitStatus::Unavailable,
            base::cat("Queue report unavailable - mail system is down (", why, ")"));
    context.command.log().warning("Mail system is down -- accessing queue directly (", why, ")");
    if (auto read = read_directly(context, parser); !read)
        return context.command.fail(ExitStatus::Unavailable, read.error().text);
    return finish(context, parser, printer);
}

} // namespace postqueue
