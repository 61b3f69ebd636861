// SPDX-License-Identifier: Apache-2.0
// A short SMTP conversation; see dialogue.h.
#include "tools/doctor/dialogue.h"

namespace doctor {

base::Task<base::Result<std::unique_ptr<Dialogue>>>
Dialogue::open(events::Loop& loop, net::Address to, base::Deadline deadline,
               std::optional<net::Address> source)
{
    auto fd = co_await net::connect(loop, to, deadline, source);
    if (!fd)
        co_return fd.error();
    co_return std::make_unique<Dialogue>(loop, std::move(*fd));
}

base::Task<base::Result<smtp::ServerReply>> Dialogue::reply(base::Deadline deadline)
{
    parser_.reset();
    while (parser_.state() == smtp::ReplyParser::State::Reading) {
        if (stream_.buffered().empty()) {
            net::Io io = co_await stream_.fill(deadline);
            if (io == net::Io::TimedOut)
                co_return base::temporary("no reply in time");
            if (io == net::Io::Lost)
                co_return base::temporary("the connection was closed");
        }
        stream_.consume(parser_.feed(stream_.buffered()));
    }
    if (parser_.state() != smtp::ReplyParser::State::Done)
        co_return base::temporary("this is no SMTP server");
    co_return parser_.reply();
}

base::Task<base::Result<smtp::ServerReply>> Dialogue::command(std::string line,
                                                              base::Deadline deadline)
{
    line.append("\r\n");
    stream_.write(line);
    net::Io io = co_await stream_.flush(deadline);
    if (io != net::Io::Ok)
        co_return base::temporary("the connection was closed");
    co_return co_await reply(deadline);
}

base::Task<void> Dialogue::quit(base::Deadline deadline)
{
    (void)co_await command("QUIT", deadline);
}

} // namespace doctor
