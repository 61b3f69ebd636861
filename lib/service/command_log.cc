// SPDX-License-Identifier: Apache-2.0
// Logs of commands; see command_log.h.
#include "lib/service/command_log.h"

#include "lib/config/params/master.h"
#include "lib/service/log_setup.h"

namespace service {

CommandLog::CommandLog(const config::MainCf& main, const config::CommonParams& common,
                       std::string ident)
{
    config::MaillogParams maillog;
    config::Faults faults;
    config::MainCf copy = main;
    maillog.declare(copy);
    maillog.load(copy, faults);
    auto opened = open_log_of_root(common, maillog, ident);
    if (opened)
        log_ = std::move(*opened);
    sink_ = std::make_unique<base::CommandLogSink>(std::move(ident), log_.get());
    base::set_log_sink(sink_.get());
    if (!opened)
        base::Log{}.warning(opened.error().text);
}

CommandLog::~CommandLog()
{
    base::set_log_sink(nullptr);
}

} // namespace service
