// SPDX-License-Identifier: Apache-2.0
// postconf -e, -# and -X on main.cf.
#include <algorithm>

#include "lib/base/strings.h"
#include "lib/config/edit.h"
#include "lib/config/lines.h"
#include "tools/postconf/commands.h"
#include "tools/postconf/output.h"

namespace postconf {

static base::Result<config::LineEdit> read_edit(const Options& options, std::string_view argument)
{
    if (argument.find('\n') != std::string_view::npos)
        return base::permanent("-e, -X, or -# accepts no multi-line input");
    if (base::trim(argument).starts_with('#'))
        return base::permanent("-e, -X, or -# accepts no comment input");
    std::string_view name = base::trim(argument);
    if (!options.edit)
        return config::LineEdit{options.remove ? config::EditKind::Delete
                                               : config::EditKind::CommentOut,
                                std::string(name), ""};
    std::string_view value;
    std::string why;
    if (!config::split_assignment(argument, name, value, why))
        return base::permanent(base::cat(why, ": \"", argument, "\""));
    return config::LineEdit{config::EditKind::Set, std::string(name),
                            base::cat(name, " = ", value)};
}

// Of two requests for one name the last counts.
static void add_edit(std::vector<config::LineEdit>& edits, config::LineEdit edit)
{
    auto old = std::find_if(edits.begin(), edits.end(),
                            [&](const config::LineEdit& e) { return e.key == edit.key; });
    if (old == edits.end()) {
        edits.push_back(std::move(edit));
        return;
    }
    if (!edit.text.empty())
        warn(base::cat("ignoring earlier request: '", old->text, "'"));
    *old = std::move(edit);
}

int edit_main(const Options& options)
{
    std::vector<config::LineEdit> edits;
    for (const std::string& argument : options.arguments) {
        auto edit = read_edit(options, argument);
        if (!edit)
            return fatal(edit.error().text);
        add_edit(edits, std::move(*edit));
    }
    const std::string path = base::cat(options.directory, "/main.cf");
    auto text = read_config_file(path);
    if (!text)
        return fatal(text.error().text);
    const std::string fresh = config::edit_main_cf(*text, edits);
    for (const config::LineEdit& edit : edits) {
        if (edit.found > 1)
            warn(base::cat(path, ": multiple entries for \"", edit.key, "\""));
    }
    auto replaced = replace_config_file(path, fresh);
    return replaced ? 0 : fatal(replaced.error().text);
}

} // namespace postconf
