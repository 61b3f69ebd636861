// SPDX-License-Identifier: Apache-2.0
// Choosing the log; see log_setup.h.
#include "lib/service/log_setup.h"

#include <sys/types.h>
#include <unistd.h>

#include "lib/base/log_sinks.h"
#include "lib/config/host.h"
#include "lib/config/maillog.h"

namespace service {

int facility_number(std::string_view name)
{
    static constexpr std::string_view names[] = {
        "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
        "uucp",   "cron",   "authpriv", "ftp",    "",       "",       "",       "",
        "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
    for (int i = 0; const auto& known : names) {
        if (!known.empty() && known == name)
            return i;
        ++i;
    }
    return -1;
}

std::unique_ptr<base::LogSink> open_log(const config::CommonParams& common,
                                        std::string_view program)
{
    return open_log_as(common, base::cat(common.syslog_name(), "/", program));
}

std::unique_ptr<base::LogSink> open_log_as(const config::CommonParams& common, std::string ident)
{
    base::SyslogSink::Options options;
    options.ident = std::move(ident);
    int facility = facility_number(common.syslog_facility());
    options.facility = facility < 0 ? 2 : facility;
    if (!common.maillog_file().empty()) {
        // Relative to the queue directory where we can be there already, absolute before.
        options.path = base::cat(common.queue_directory(), "/public/postlog");
        options.with_header = false;
    }
    return std::make_unique<base::SyslogSink>(std::move(options));
}

namespace {

class OwnFile final : public base::LogSink {
public:
    OwnFile(base::Fd fd, std::string ident)
        : fd_(std::move(fd)), sink_(fd_.number(), config::kernel_host_name(), std::move(ident))
    {
    }
    void write(base::LogLevel level, std::string_view line) override { sink_.write(level, line); }

private:
    base::Fd fd_;
    base::FileLogSink sink_;
};

} // namespace

base::Result<std::unique_ptr<base::LogSink>> open_log_of_root(const config::CommonParams& common,
                                                              const config::MaillogParams& maillog,
                                                              std::string ident)
{
    if (common.maillog_file().empty() || ::geteuid() != 0)
        return open_log_as(common, std::move(ident));
    auto file = config::open_maillog(common, maillog);
    if (!file)
        return file.error();
    return std::unique_ptr<base::LogSink>{
        std::make_unique<OwnFile>(std::move(*file), std::move(ident))};
}

} // namespace service
