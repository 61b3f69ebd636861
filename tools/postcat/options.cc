// SPDX-License-Identifier: Apache-2.0
// Options of postcat; see options.h.
#include "tools/postcat/options.h"

#include <algorithm>
#include <unistd.h>

#include "lib/base/parse.h"
#include "lib/base/strings.h"

namespace postcat {

namespace {

constexpr std::string_view usage =
    "usage: postcat [-b (body text)] [-c config_dir] [-d (decimal record type)] "
    "[-e (envelope records)] [-f (file names)] [-h (header text)] [-o (offsets)] "
    "[-q (access queue)] [-r (file order)] [-s offset] [-v] [file(s)...]";

struct Flag {
    int letter;
    bool Options::*target;
};
constexpr Flag flags[] = {
    {'b', &Options::body},       {'d', &Options::types},      {'e', &Options::envelope},
    {'f', &Options::file_names}, {'h', &Options::header},     {'o', &Options::offsets},
    {'q', &Options::search},     {'r', &Options::file_order}, {'v', &Options::verbose},
};

base::Result<void> take(Options& options, int letter)
{
    if (letter == 'n') // Accepted by Postfix's command line, without meaning.
        return {};
    if (letter == 'c') {
        options.config_directory = optarg;
        return {};
    }
    if (letter == 's') {
        const auto offset = base::parse_int<std::uint64_t>(optarg);
        options.from = offset.value_or(0);
        return offset ? base::Result<void>{} : base::permanent(base::cat("bad offset: ", optarg));
    }
    const auto* flag = std::find_if(std::begin(flags), std::end(flags),
                                    [=](const Flag& row) { return row.letter == letter; });
    if (flag == std::end(flags))
        return base::permanent(std::string(usage));
    options.*flag->target = true;
    return {};
}

} // namespace

base::Result<Options> parse_options(int argc, char** argv)
{
    Options options;
    optind = 1;
    opterr = 0; // The usage line says enough.
    for (int letter; (letter = ::getopt(argc, argv, "+bc:defhnoqrs:v")) != -1;)
        if (auto taken = take(options, letter); !taken)
            return taken.error();
    if (!options.body && !options.envelope && !options.header)
        options.body = options.envelope = options.header = true;
    options.offsets = options.offsets || options.verbose;
    options.files.assign(argv + optind, argv + argc);
    return options;
}

} // namespace postcat
