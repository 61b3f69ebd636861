// SPDX-License-Identifier: Apache-2.0
// The command line of postqueue.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/search/groups.h"

namespace postqueue {

enum class Action : unsigned char {
    ShowTable,
    ShowJson,
    FlushAll,
    FlushMessage,
    FlushSite,
    Count,
    Group,
    Why,
};

struct Options {
    Action action = Action::ShowTable;
    std::string argument; // Queue id or site; the subject of --why.
    std::string config_directory;
    bool verbose = false;
    bool json = false;
    bool dry_run = false;
    search::GroupBy group_by = search::GroupBy::Destination;
    std::vector<search::Term> terms; // Which messages are meant; none: all.
};

// Called as mailq it shows the table when nothing else is asked. Errors are about usage; their text
// is for the caller.
base::Result<Options> parse_options(int argc, char** argv);

// Whether `site` can be asked for: a host name, or an address literal in brackets.
bool is_site(std::string_view site);

} // namespace postqueue
