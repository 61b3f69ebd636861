// SPDX-License-Identifier: Apache-2.0
// The command; see command.h.
#include "tools/doctor/command.h"

#include <cstdio>
#include <ctime>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/config/params/registry.h"
#include "tools/doctor/examination.h"

namespace doctor {

namespace {

constexpr std::size_t routes_limit = 1 << 20;

// The configuration with all declared parameters, so that defaults are known too.
struct Configuration {
    explicit Configuration(const std::string& directory)
    {
        config::Faults faults; // Told by the check of the configuration.
        auto loaded = config::MainCf::load(directory, faults, true);
        if (loaded)
            main = std::move(*loaded);
        for (const auto& known : sets)
            known.set->declare(main);
        config::ParamSet* used[] = {&common, &route, &params};
        for (auto* set : used)
            set->load(main, faults);
    }

    std::vector<config::KnownSet> sets = config::known_sets();
    config::MainCf main;
    config::CommonParams common;
    config::RouteParams route;
    config::DoctorParams params;
};

std::string local_time(base::WallTime when)
{
    std::time_t seconds = base::unix_seconds(when);
    std::tm parts{};
    char text[64] = {};
    ::localtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &parts);
    return text;
}

base::Task<void> look(const Examination& examination, Sections& sections)
{
    sections = co_await examine(examination);
    examination.loop.stop();
}

} // namespace

std::string parse_words(const std::vector<std::string>& words, Request& request)
{
    for (const std::string& word : words) {
        if (word == "--network")
            request.network = true;
        else if (word == "--json")
            request.json = true;
        else
            return "usage: postfix doctor [--network] [--json]";
    }
    return {};
}

int run(const Request& request)
{
    Configuration configuration(request.config_directory);
    events::Loop loop;
    delivery::ResolverClient resolver(loop);
    auto routes = base::read_file("/proc/net/route", routes_limit);
    Examination examination{loop,
                            configuration.main,
                            configuration.common,
                            configuration.route,
                            configuration.params,
                            {request.master_pid, config::system_interfaces(),
                             default_gateways(routes ? *routes : std::string{}),
                             request.permission_faults},
                            resolver,
                            request.network};
    // The resolver's socket has a path below the queue directory.
    if (::chdir(configuration.common.queue_directory().c_str()) != 0)
        examination.outside = false;
    Sections sections;
    base::Scope scope;
    scope.spawn(look(examination, sections));
    if (!scope.empty())
        loop.run();
    Heading heading{configuration.common.myhostname(), configuration.common.mail_version(),
                    local_time(loop.clock().wall()), examination.outside};
    std::string text = request.json ? json(heading, sections) : page(heading, sections);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        return EXIT_FAILURE;
    return exit_status(sections);
}

} // namespace doctor
