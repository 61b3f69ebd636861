// SPDX-License-Identifier: Apache-2.0
// The actions of postconf; see commands.h. Here are those that only print a list.
#include "tools/postconf/commands.h"

#include "lib/checkup/checkup.h"
#include "lib/config/params/common.h"
#include "lib/table/tables.h"
#include "tools/postconf/output.h"

namespace postconf {

static int list(const std::vector<std::string_view>& words)
{
    for (std::string_view word : words)
        print(word);
    return 0;
}

static int table_types(const Options& options)
{
    config::Faults ignored;
    config::CommonParams common;
    auto main = config::MainCf::load(options.directory, ignored, true);
    if (!main)
        return fatal(main.error().text);
    common.declare(*main);
    for (const std::string& type : table::available_types(*main))
        print(type);
    return 0;
}

int check_all(const Options& options)
{
    const config::Faults faults = checkup::check(options.directory);
    for (const config::Fault& fault : faults)
        print((fault.warning ? "warning: " : "error: ") + fault.to_string());
    return config::has_errors(faults) ? 1 : 0;
}

int run(const Options& options)
{
    switch (options.action) {
    case Action::Parameters: return show_parameters(options);
    case Action::EditMain: return edit_main(options);
    case Action::Services: return services(options);
    case Action::Fields: return fields(options);
    case Action::Overrides: return overrides(options);
    case Action::TableTypes: return table_types(options);
    case Action::LockTypes: return list({"flock", "fcntl", "dotlock"});
    case Action::ServerLogins: return list({}); // This release has no SASL.
    case Action::ClientLogins: return list({});
    case Action::TlsProperty: return fatal("this release has no TLS");
    case Action::NoticeTexts:
    case Action::Templates: return notice_texts(options);
    case Action::Check: return check_all(options);
    case Action::Manual: return manual(options);
    case Action::ManualSection: return manual_section(options);
    }
    return 1;
}

} // namespace postconf
