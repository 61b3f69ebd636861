// SPDX-License-Identifier: Apache-2.0
// What postlog(1) does; see postlog.h.
#include "tools/postlog/postlog.h"

#include <cstdlib>
#include <iostream>

namespace postlog {

static std::string config_directory(const Options& options)
{
    const char* environment = std::getenv("MAIL_CONFIG");
    if (!options.config_directory.empty())
        return options.config_directory;
    return environment != nullptr ? environment : DEFAULT_CONFIG_DIRECTORY;
}

int run(service::Command& command, const Options& options)
{
    config::Faults faults; // The log has to work with a broken main.cf, too.
    auto loaded = config::MainCf::load(config_directory(options), faults, true);
    config::MainCf main = loaded ? std::move(*loaded) : config::MainCf{};
    config::CommonParams common;
    common.declare(main);
    common.load(main, faults);
    std::string ident =
        options.tag.empty() ? base::cat(common.syslog_name(), "/postlog") : options.tag;
    if (!command.log_as(main, common, std::move(ident)))
        return EXIT_FAILURE;
    command.show_unattended_from({});
    base::Log log;
    if (options.has_text)
        log.put(options.level, options.text);
    for (std::string line; !options.has_text && std::getline(std::cin, line);)
        log.put(options.level, line);
    return EXIT_SUCCESS;
}

} // namespace postlog
