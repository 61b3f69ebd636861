// SPDX-License-Identifier: Apache-2.0
// postconf -b and -t: the texts at the top of notices, as bounce(8) would send them, and as their
// templates have them.
#include <cstdio>

#include "lib/config/notice_template.h"
#include "lib/config/params/registry.h"
#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"

namespace postconf {

int notice_texts(const Options& options)
{
    config::Faults faults;
    auto main = config::MainCf::load(options.directory, faults, true);
    if (!main)
        return fatal(main.error().text);
    for (const config::KnownSet& known : config::known_sets())
        known.set->declare(*main);
    for (const auto& [name, value] : options.overrides)
        main->set(name, value);
    const auto file = options.arguments.empty() ? main->expanded("bounce_template_file", faults)
                                                : options.arguments.front();
    const auto templates = config::NoticeTemplates::load(file.value_or(""), faults);
    const std::string text = options.action == Action::Templates
                                 ? templates.print()
                                 : templates.print_expanded(*main, faults);
    const int status = tell(faults);
    if (status != 0)
        return status;
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

} // namespace postconf
