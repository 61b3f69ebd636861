// SPDX-License-Identifier: Apache-2.0
// postlogd(8): writes maillog_file. Started by master for the datagram socket public/postlog; takes
// lines from whoever may open that socket, which are mail_owner's and setgid_group's processes, and
// trusts nothing in them. Opens the log file before it gives up root; touches nothing else.
#include "lib/config/host.h"
#include "lib/config/maillog.h"
#include "lib/service/service.h"
#include "services/postlog/collector.h"

int main(int argc, char** argv)
{
    config::MaillogParams params;
    service::Service service{"postlogd", argc, argv, params};
    if (service.common().maillog_file().empty())
        return service.run_datagrams(postlogd::datagram_limit, [](std::string_view) {});
    auto file = config::open_maillog(service.common(), params);
    if (!file)
        base::fatal(file.error().text);
    postlogd::Collector collector{file->number(), config::kernel_host_name()};

    return service.run_datagrams(postlogd::datagram_limit,
                                 [&](std::string_view datagram) { collector.take(datagram); });
}
