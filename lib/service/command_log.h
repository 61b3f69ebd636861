// SPDX-License-Identifier: Apache-2.0
// The log of a command that a person or a script calls: on stderr, and in the mail log.
#pragma once

#include <memory>
#include <string>

#include "lib/base/log_sinks.h"
#include "lib/config/params/common.h"

namespace service {

class CommandLog {
public:
    // Writes as `ident`, such as "postfix/postlog", from now on, until destroyed. A mail log that
    // cannot be opened is told on stderr, and done without.
    CommandLog(const config::MainCf& main, const config::CommonParams& common, std::string ident);
    ~CommandLog();
    CommandLog(const CommandLog&) = delete;
    CommandLog& operator=(const CommandLog&) = delete;

private:
    std::unique_ptr<base::LogSink> log_;
    std::unique_ptr<base::CommandLogSink> sink_;
};

} // namespace service
